/** Times and lengths in the words of a screen, by the company's clock (as selectors/when.py). */

import { text } from "../shared/texts.ts";
import { Clock, dateWords } from "../shared/clock.ts";
import type { Span } from "./types.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export type Hurry = "calm" | "risk" | "late";

/** A length of time: "25 min", "2 h 10", "3 d". */
export function length(minutes: number): string {
  const count = Math.max(Math.trunc(minutes), 0);
  if (count < 60) return text("planning.ask.minutes", { count });
  if (count >= 24 * 60) return text("planning.ask.days", { count: Math.floor(count / (24 * 60)) });
  const hours = text("planning.ask.hours", { count: Math.floor(count / 60) });
  return count % 60 ? `${hours} ${String(count % 60).padStart(2, "0")}` : hours;
}

/** How a response target stands: "2 h left", "25 min overdue". */
export function left(due: string, now: number): string {
  const minutes = Math.floor(Math.abs(Date.parse(due) - now) / MINUTE);
  const key = Date.parse(due) > now ? "planning.pile.left" : "planning.pile.overdue";
  return text(key, { time: length(Math.max(minutes, 1)) });
}

/** Less than four hours of it left is a risk: what the server calls so (when.AT_RISK). */
export function hurry(due: string, now: number): Hurry {
  const minutes = (Date.parse(due) - now) / MINUTE;
  if (minutes <= 0) return "late";
  return minutes < 4 * 60 ? "risk" : "calm";
}

/** The server writes reasons to stand under a name; alone they begin with a capital. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export class Words {
  private readonly clock: Clock;

  private readonly language: string;

  constructor({ zone, language }: { zone: string; language: string }) {
    // As the server writes it, the day before the month.
    this.language = language === "en" ? "en-GB" : language;
    this.clock = new Clock(zone, this.language);
  }

  hour(moment: string): string {
    return this.clock.time(Date.parse(moment));
  }

  /** The company's date of a moment, YYYY-MM-DD. */
  date(moment: string): string {
    return this.clock.dayOf(Date.parse(moment));
  }

  /** The moment at which the company's clock shows `hour` (HH:MM) on `date`. */
  moment(date: string, hour: string): string {
    const [hours = 0, minutes = 0] = hour.split(":").map(Number);
    return new Date(this.clock.moment(date, hours * 60 + minutes)).toISOString();
  }

  private written(date: string, form: Intl.DateTimeFormatOptions): string {
    // French writes "mar." and "nov."; beside figures the dots are only noise.
    return dateWords(date, this.language, form).replaceAll(".", "").replace(",", "");
  }

  /** "Tue 24 Nov" */
  day(date: string): string {
    return this.written(date, { weekday: "short", day: "numeric", month: "short" });
  }

  /** "Tue 24 Nov, 11:00–12:30"; over midnight with both days. */
  slot({ start, end }: Span): string {
    const [from, to] = [this.date(start), this.date(end)];
    const begins = `${this.day(from)}, ${this.hour(start)}`;
    return from === to
      ? `${begins}–${this.hour(end)}`
      : `${begins} – ${this.day(to)}, ${this.hour(end)}`;
  }

  /** "12:00" today, "Wed 09:00" on a near day, "Fri 4 Dec" further on. */
  near(moment: string, now: number): string {
    const date = this.date(moment);
    const away = Math.abs(Date.parse(date) - Date.parse(this.clock.dayOf(now))) / DAY;
    if (away === 0) return this.hour(moment);
    if (away >= 6) return this.day(date);
    return `${this.written(date, { weekday: "short" })} ${this.hour(moment)}`;
  }

  /** The same for a day with no hour: "Wed", "Fri 4 Dec". */
  nearDay(date: string, now: number): string {
    const away = (Date.parse(date) - Date.parse(this.clock.dayOf(now))) / DAY;
    return Math.abs(away) < 6 ? this.written(date, { weekday: "long" }) : this.day(date);
  }
}
