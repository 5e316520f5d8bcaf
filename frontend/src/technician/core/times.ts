/** Hours of travel, work and break, derived from the steps: as the server does. */

import type { Lifecycle, TimelineDoc, VisitDoc } from "./types.ts";

const KINDS: Record<string, string> = {
  en_route: "travel",
  on_site: "work",
  working: "work",
  break: "break",
};

export interface Span {
  kind: string;
  start: string;
  end: string | null;
}

/** The entries that happened rather than plan, by true time. */
export function stepsOf(table: Lifecycle, timeline: readonly TimelineDoc[]): TimelineDoc[] {
  return timeline
    .filter(({ action }) => table.actions.some((one) => one.code === action && one.to !== "same"))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Neighbours of one kind are one span; the last one has no end while the visit is open. */
export function spans(table: Lifecycle, timeline: readonly TimelineDoc[]): Span[] {
  const found: Span[] = [];
  const steps = stepsOf(table, timeline);
  for (const [i, one] of steps.entries()) {
    const kind = KINDS[one.status];
    const closes = table.actions.find(({ code }) => code === one.action)?.closes;
    if (!kind || closes) continue;
    const end = steps[i + 1]?.at ?? null;
    const last = found.at(-1);
    if (last?.kind === kind && last.end === one.at) last.end = end;
    else found.push({ kind, start: one.at, end });
  }
  return found.filter(({ start, end }) => start !== end);
}

/** Minutes of one kind so far, of what was entered and what runs. */
export function minutesOf(times: VisitDoc["times"], kind: string, now: number): number {
  const ms = times
    .filter((one) => one.kind === kind)
    .map(({ start, end }) => (end ? Date.parse(end) : now) - Date.parse(start));
  return Math.round(ms.reduce((sum, one) => sum + Math.max(0, one), 0) / 60_000);
}
