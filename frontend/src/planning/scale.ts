/** Time to pixels and back. One day is drawn whole; of several, the nights are folded away. */

import { type Clock, dayAfter, MINUTE, QUARTER } from "../shared/clock.ts";

/** The part of a day that is drawn. */
export interface DaySpan {
  day: string;
  start: number;
  end: number;
  x: number;
  width: number;
}

/** From when to when something happens on these days, in minutes of the wall clock. */
export interface Hours {
  from: number;
  until: number;
}

export interface Tick {
  at: number;
  x: number;
  hour: string;
}

const LEAST: Hours = { from: 7 * 60, until: 18 * 60 };
const WHOLE: Hours = { from: 0, until: 24 * 60 };
/** Between two days, where the night was. */
export const FOLD = 7;
/** Narrower days could not be read; the board scrolls sideways instead. */
const LEAST_DAY = { 1: 0, 3: 420, 7: 340 };
const LABEL = 46;

export class Scale {
  readonly width: number;
  readonly start: number;
  readonly end: number;

  constructor(
    readonly clock: Clock,
    readonly days: DaySpan[],
  ) {
    const last = days.at(-1);
    this.width = last ? last.x + last.width : 0;
    this.start = days[0]?.start ?? 0;
    this.end = last?.end ?? 0;
  }

  /** Where a moment is; what lies in a folded night is at its edge. */
  x(at: number): number {
    const { days } = this;
    for (let place = days.length - 1; place >= 0; place--) {
      const day = days[place] as DaySpan;
      if (at >= day.start) return day.x + Math.min(1, this.share(day, at)) * day.width;
    }
    return 0;
  }

  private share(day: DaySpan, at: number): number {
    return (at - day.start) / (day.end - day.start);
  }

  /** The moment at a place; on a fold the edge that is nearer. */
  at(x: number): number {
    const day = this.days.find((one) => x < one.x + one.width + FOLD / 2) ?? this.days.at(-1);
    if (!day) return 0;
    const share = Math.max(0, Math.min(1, (x - day.x) / day.width));
    return day.start + share * (day.end - day.start);
  }

  /** The quarter of an hour at a place at which something may begin. */
  quarter(x: number): number {
    const at = this.clock.snap(this.at(x));
    return Math.min(Math.max(at, this.start), this.end - QUARTER);
  }

  /** Some quarters further. Out of one day's hours it goes on in the next one's. */
  shifted(at: number, quarters: number): number {
    let moved = at + quarters * QUARTER;
    if (quarters > 0) {
      const day = this.days.find((one) => moved < one.end);
      if (!day) return at;
      moved = Math.max(moved, day.start);
    } else {
      const day = this.days.findLast((one) => moved >= one.start);
      if (!day) return at;
      moved = Math.min(moved, day.end - QUARTER);
    }
    return moved;
  }

  pixelsPerHour(): number {
    const [day] = this.days;
    return day ? (day.width / (day.end - day.start)) * 60 * MINUTE : 0;
  }

  /** The hours that get a line, with a label where there is room for one. */
  ticks(): Tick[] {
    const each = [1, 2, 3, 4, 6].find((count) => count * this.pixelsPerHour() >= LABEL) ?? 6;
    const found: Tick[] = [];
    for (const day of this.days) {
      for (let at = day.start; at < day.end; at += QUARTER) {
        const minutes = this.clock.minutesOf(at);
        if (minutes % 60) continue;
        const labelled = (minutes / 60) % each === 0;
        found.push({ at, x: this.x(at), hour: labelled ? this.clock.time(at) : "" });
      }
    }
    return found;
  }
}

/** From the earliest to the latest of some spans, on whole hours, and never less than a working
 * day. What goes past midnight needs the whole day. */
export function hoursOf(clock: Clock, spans: Iterable<[number, number]>): Hours {
  let { from, until } = LEAST;
  for (const [start, end] of spans) {
    const first = clock.minutesOf(start);
    const last = clock.minutesOf(end - 1) + 1;
    if (last < first || end - start > 20 * 60 * MINUTE) return WHOLE;
    if (first < from) from = first;
    if (last > until) until = last;
  }
  return { from: Math.floor(from / 60) * 60, until: Math.ceil(until / 60) * 60 };
}

/** The scale for a place of `width` pixels. A day fills it with its hours and goes on beside it. */
export function scaleOf(
  clock: Clock,
  first: string,
  days: 1 | 3 | 7,
  hours: Hours,
  width: number,
): Scale {
  const drawn = days === 1 ? WHOLE : hours;
  const share = (width - (days - 1) * FOLD) / days;
  const shownMinutes = hours.until - hours.from;
  const full = Math.max(share, LEAST_DAY[days]);
  let x = 0;
  const spans = Array.from({ length: days }, (_, count) => {
    const day = dayAfter(first, count);
    const start = clock.moment(day, drawn.from);
    const end =
      drawn.until === 1440 ? clock.moment(dayAfter(day, 1), 0) : clock.moment(day, drawn.until);
    // One hour is as wide on a day of 23 as on one of 25.
    const span = { day, start, end, x, width: (full * (end - start)) / MINUTE / shownMinutes };
    x += span.width + FOLD;
    return span;
  });
  return new Scale(clock, spans);
}
