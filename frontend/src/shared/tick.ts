/** Times that go on by themselves: data-since (ago) and data-late (how late, hidden until it is). */

import { text } from "./texts.ts";

const EVERY_MS = 30_000;

export function minutesSince(iso: string, now: number): number {
  return Math.floor((now - Date.parse(iso)) / 60_000);
}

/** 5 minutes ago, yesterday: in the page's language. */
export function ago(minutes: number, language: string): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  if (minutes < 60) return words.format(-minutes, "minute");
  if (minutes < 24 * 60) return words.format(-Math.floor(minutes / 60), "hour");
  return words.format(-Math.floor(minutes / (24 * 60)), "day");
}

export function lateness(minutes: number): string {
  if (minutes < 120) return `+${text("minutes", { count: minutes })}`;
  return `+${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

export function tick(now = Date.now()): void {
  const language = document.documentElement.lang || "en";
  for (const element of document.querySelectorAll<HTMLElement>("[data-since]")) {
    element.textContent = ago(minutesSince(element.dataset.since ?? "", now), language);
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-late]")) {
    const minutes = minutesSince(element.dataset.late ?? "", now);
    element.hidden = minutes < 1;
    element.textContent = lateness(minutes);
  }
}

export function startTicking(): void {
  tick();
  setInterval(tick, EVERY_MS);
}
