/** What the customer reads before they sign, line by line; the seal keeps exactly that. */

import { text } from "../shared/texts.ts";
import { photosOf } from "./core/seal.ts";
import { minutesOf } from "./core/times.ts";
import type { Shown } from "./shown.ts";
import { length, type When } from "./when.ts";

export type Line = [label: string, words: string];

/** The summary, as it is shown. Work runs until `now` while nobody has ended it. */
export function summaryOf(visit: Shown, when: When, now: number): Line[] {
  const lines: Line[] = [];
  const spans = workOf(visit, now);
  if (spans.length) {
    const words = spans.map(([start, end]) => when.slot({ start, end }, now)).join(", ");
    lines.push([
      text("phone.kind.work"),
      `${words} · ${length(minutesOf(visit.times, "work", now))}`,
    ]);
  }
  for (const item of visit.checklist) {
    if (item.kind === "photo") {
      const count = visit.files.filter(({ item: of }) => of === item.id).length;
      if (count) lines.push([item.text, photoWords(count)]);
    } else if (item.answer !== null && item.answer !== "") {
      lines.push([item.text, answerWords(item.answer, item.unit)]);
    }
  }
  const parts = visit.parts.map(
    ({ text: what, quantity, unit }) => `${what} × ${quantity}${unit ? ` ${unit}` : ""}`,
  );
  for (const part of parts) lines.push([text("phone.record.parts"), part]);
  const photos = photosOf(visit).length;
  if (photos) lines.push([text("phone.record.photos"), String(photos)]);
  if (visit.report.text) lines.push([text("phone.sign.result"), visit.report.text]);
  return lines;
}

function photoWords(count: number): string {
  return count === 1 ? text("phone.sign.photo_one") : text("phone.sign.photos", { count });
}

function answerWords(answer: boolean | string, unit: string): string {
  if (answer === true) return text("phone.yes");
  if (answer === false) return text("phone.no");
  return unit ? `${answer} ${unit}` : answer;
}

function workOf(visit: Shown, now: number): [string, string, string][] {
  return visit.times
    .filter(({ kind }) => kind === "work")
    .map(({ start, end, kind }) => [start, end ?? new Date(now).toISOString(), kind]);
}
