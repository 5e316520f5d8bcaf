/** The company's clock: moments (milliseconds) to its days and hours and back, whatever the
 * browser's own zone is. Days have 23, 24 or 25 hours. */

export const MINUTE = 60_000;
export const QUARTER = 15 * MINUTE;
export const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export class Clock {
  private readonly offsets = new Map<number, number>();
  private readonly reads: Intl.DateTimeFormat;

  constructor(
    readonly zone: string,
    readonly language: string,
  ) {
    this.reads = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
  }

  /** How far the clock is ahead of UTC. Intl is slow, and clocks change on a quarter: kept so. */
  private offset(at: number): number {
    const quarter = Math.floor(at / QUARTER);
    let found = this.offsets.get(quarter);
    if (found === undefined) {
      const part: Record<string, number> = {};
      for (const { type, value } of this.reads.formatToParts(quarter * QUARTER)) {
        part[type] = Number(value);
      }
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
      found = Date.UTC(year, month - 1, day, hour, minute) - quarter * QUARTER;
      this.offsets.set(quarter, found);
    }
    return found;
  }

  dayOf(at: number): string {
    return new Date(this.wall(at)).toISOString().slice(0, 10);
  }

  /** What the clock on the wall shows, in minutes since midnight. */
  minutesOf(at: number): number {
    const local = this.wall(at);
    return Math.floor((local - Math.floor(local / DAY) * DAY) / MINUTE);
  }

  /** What the wall shows, as a number that can be reckoned with: days of 24 hours. */
  wall(at: number): number {
    return at + this.offset(at);
  }

  /** The moment at which the wall shows that. What comes twice is the first of both; what is
   * skipped is as long after the change. */
  atWall(shown: number): number {
    const before = shown - this.offset(shown - DAY);
    const after = shown - this.offset(shown + DAY);
    return before + this.offset(before) === shown || after + this.offset(after) !== shown
      ? before
      : after;
  }

  moment(day: string, minutes: number): number {
    return this.atWall(Date.parse(`${day}T00:00Z`) + minutes * MINUTE);
  }

  /** The nearest quarter of an hour on the wall. */
  snap(at: number, step = QUARTER): number {
    const offset = this.offset(at);
    return Math.round((at + offset) / step) * step - offset;
  }

  time(at: number): string {
    const minutes = this.minutesOf(at);
    const two = (count: number) => String(count).padStart(2, "0");
    return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  }

  span(start: number, end: number): string {
    return `${this.time(start)}–${this.time(end)}`;
  }
}

/** The Monday of its week. */
export function mondayOf(day: string): string {
  return dayAfter(day, -((new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7));
}

export function dayAfter(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + count * DAY).toISOString().slice(0, 10);
}

const forms = new Map<string, Intl.DateTimeFormat>();

/** A date in words; a date is no moment, so no zone may move it. */
export function dateWords(
  day: string,
  language: string,
  form: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" },
): string {
  const key = language + JSON.stringify(form);
  let words = forms.get(key);
  if (!words) {
    // English as the product writes it: 26 November.
    const written = language === "en" ? "en-GB" : language;
    words = new Intl.DateTimeFormat(written, { ...form, timeZone: "UTC" });
    forms.set(key, words);
  }
  // Beside figures the dots and commas that some languages write are only noise.
  return words.format(Date.parse(`${day}T00:00Z`)).replace(/[.,]/g, "");
}

/** 1 h 30, 45 min: as the rest of the product writes lengths. */
export function lengthWords(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest ? ` ${String(rest).padStart(2, "0")}` : ""}`;
}
