/** Times that go on by themselves: data-due, how a response target stands; data-late, how late what
 *  runs late since data-late-since is. */

import { text } from "./texts.ts";

const EVERY_MS = 30_000;
// As in orders/selectors/when.py.
const AT_RISK_MINUTES = 4 * 60;
const EXACT_HOURS = 10;

/** A length of time as the server says it: "25 min", "2 h 10", "16 h", "3 d". */
export function span(minutes: number): string {
  const whole = Math.max(Math.floor(minutes), 1);
  if (whole < 60) return text("minutes", { count: whole });
  if (whole >= 24 * 60) return text("days", { count: Math.floor(whole / (24 * 60)) });
  const hours = Math.floor(whole / 60);
  const rest = hours < EXACT_HOURS ? whole % 60 : 0;
  const words = text("hours", { count: hours });
  return rest ? `${words} ${String(rest).padStart(2, "0")}` : words;
}

export function standing(due: number, now: number): { words: string; tone: string } {
  const minutes = (due - now) / 60_000;
  if (minutes <= 0) return { words: text("due.overdue", { time: span(-minutes) }), tone: "late" };
  const tone = minutes < AT_RISK_MINUTES ? "soon" : "";
  return { words: text("due.left", { time: span(minutes) }), tone };
}

export function tick(now = Date.now()): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-due]")) {
    const { words, tone } = standing(Date.parse(element.dataset.due ?? ""), now);
    if (element.textContent !== words) element.textContent = words;
    for (const one of ["soon", "late"]) {
      element.parentElement?.classList.toggle(`co-${one}`, one === tone);
    }
  }
}

/** As in orders/selectors/when.py. */
export function tickLate(now = Date.now()): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-late]")) {
    const since = element.closest<HTMLElement>("[data-late-since]")?.dataset.lateSince;
    const minutes = (now - Date.parse(since ?? "")) / 60_000;
    if (!(minutes > 0)) continue;
    const words = `+${span(minutes)}`;
    if (element.textContent !== words) element.textContent = words;
    const told = element.closest<HTMLElement>("[title]");
    if (told) told.title = words;
  }
}

export function startTicking(): void {
  const all = () => {
    tick();
    tickLate();
  };
  all();
  setInterval(all, EVERY_MS);
}
