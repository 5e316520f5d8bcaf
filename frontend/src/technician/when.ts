/** Moments and lengths in words, by the company's clock. */

import { Clock, dateWords, dayAfter } from "../shared/clock.ts";
import { text } from "../shared/texts.ts";

const MINUTE = 60_000;

export class When {
  readonly clock: Clock;

  constructor(
    zone: string,
    readonly language: string,
  ) {
    this.clock = new Clock(zone, language);
  }

  /** By the zone and in the language of this phone. */
  static here(): When {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    return new When(timeZone, document.documentElement.lang || "en");
  }

  hour(moment: string | number): string {
    return this.clock.time(Number(new Date(moment)));
  }

  day(moment: string | number): string {
    return this.clock.dayOf(Number(new Date(moment)));
  }

  span({ start, end }: { start: string; end: string }): string {
    return `${this.hour(start)}–${this.hour(end)}`;
  }

  /** "Tue 24 Nov" */
  dayWords(day: string): string {
    return dateWords(day, this.language, { weekday: "short", day: "numeric", month: "short" });
  }

  /** "24 Nov 2026" */
  dateWords(day: string): string {
    return dateWords(day, this.language, { day: "numeric", month: "short", year: "numeric" });
  }

  weekday(day: string): string {
    return dateWords(day, this.language, { weekday: "short" });
  }

  /** "10:12" today, "Mon 16:20" in these days, "16 Nov, 16:20" further away. */
  near(moment: string | number, now: number): string {
    const day = this.day(moment);
    const today = this.day(now);
    if (day === today) return this.hour(moment);
    const away = Math.abs(Date.parse(day) - Date.parse(today)) / 86_400_000;
    if (away < 6) return `${this.weekday(day)} ${this.hour(moment)}`;
    return `${dateWords(day, this.language, { day: "numeric", month: "short" })}, ${this.hour(moment)}`;
  }

  /** A slot of today as hours, of another day with the day before it. */
  slot(slot: { start: string; end: string }, now: number): string {
    const day = this.day(slot.start);
    return day === this.day(now) ? this.span(slot) : `${this.dayWords(day)}, ${this.span(slot)}`;
  }

  /** Today and the days with work, six at least: a weekend without any is left out. */
  days(now: number, work: Set<string>): string[] {
    const today = this.day(now);
    const all = Array.from({ length: 9 }, (_, count) => dayAfter(today, count));
    const shown = all.filter((day) => {
      const weekday = new Date(`${day}T00:00Z`).getUTCDay();
      return day === today || work.has(day) || (weekday > 0 && weekday < 6);
    });
    return shown.slice(0, Math.max(6, shown.findLastIndex((day) => work.has(day)) + 1));
  }
}

/** "25 min", "2 h 10", "3 d". */
export function length(minutes: number): string {
  const count = Math.max(Math.floor(minutes), 0);
  if (count < 60) return text("phone.minutes", { count });
  if (count >= 48 * 60) return text("phone.days", { count: Math.floor(count / 1440) });
  const hours = text("phone.hours", { count: Math.floor(count / 60) });
  return count % 60 ? `${hours} ${String(count % 60).padStart(2, "0")}` : hours;
}

export function age(since: string, now: number): string {
  return length((now - Date.parse(since)) / MINUTE);
}

/** 0:47:03: what a running timer shows. */
export function ticking(ms: number): string {
  const seconds = Math.max(Math.floor(ms / 1000), 0);
  const two = (count: number) => String(count).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** "3.1 MB", "240 kB" */
export function bytes(size: number, language: string): string {
  const [unit, step] = size >= 1e6 ? ["megabyte", 1e6] : ["kilobyte", 1e3];
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    maximumFractionDigits: step === 1e6 ? 1 : 0,
  } as Intl.NumberFormatOptions).format(size / (step as number));
}

/** The parts of a datetime-local field, on the company's clock. */
export function fieldOf(clock: Clock, moment: number): string {
  return `${clock.dayOf(moment)}T${clock.time(moment)}`;
}

/** The moment that such a field shows; null while it is not filled. */
export function momentOf(clock: Clock, field: string): number | null {
  const [day, hour] = field.split("T");
  const [hours, minutes] = (hour ?? "").split(":").map(Number);
  if (!day || hours === undefined || minutes === undefined || Number.isNaN(hours + minutes))
    return null;
  return clock.moment(day, hours * 60 + minutes);
}
