/** Who should go, asked of the server, and made a plan. */

import { text } from "../shared/texts.ts";
import { showToast } from "../shared/toasts.ts";
import { read } from "./api.ts";
import type { Planner } from "./planner.svelte.ts";
import type { Subject } from "./subjects.ts";
import type { Explanation, Linked, Move, Span, Suggestions } from "./types.ts";

export interface Slot extends Span {
  technician: Linked;
}

export function moveOf(subject: Subject, slot: Slot, allowOverlap = false): Move {
  return {
    service_order_id: subject.order_id,
    version: subject.version,
    visit_id: subject.visit_id,
    technician_id: slot.technician.id,
    start: slot.start,
    duration_minutes: Math.round((Date.parse(slot.end) - Date.parse(slot.start)) / 60_000),
    allow_overlap: allowOverlap,
  };
}

export function suggestionsOf(
  subject: Subject,
  asked: { limit: number; urgent: boolean },
  signal?: AbortSignal,
): Promise<Suggestions> {
  const query = { service_order_id: subject.order_id, duration_minutes: subject.minutes, ...asked };
  return read<Suggestions>("planning/suggestions", query, signal);
}

export function explanationOf(subject: Subject, technicianId: string): Promise<Explanation> {
  return read<Explanation>("planning/explain", {
    service_order_id: subject.order_id,
    duration_minutes: subject.minutes,
    technician_id: technicianId,
  });
}

/** One key, one plan. False where nobody is free, or where somebody put it back. */
export async function planBest(planner: Planner, subject: Subject): Promise<boolean> {
  const found = await planner.told(suggestionsOf(subject, { limit: 1, urgent: false }));
  const best = found?.items[0];
  if (best) return planner.place([moveOf(subject, best)]);
  if (found) showToast({ text: text("planning.suggest.nobody"), tone: "warning" });
  return false;
}

/** The two letters in the disc of a technician: those of the board, else made of the name. */
export function initialsOf(planner: Planner, technician: Linked): string {
  const row = planner.board?.rows.find((one) => one.technician.id === technician.id);
  if (row) return row.initials;
  const words = technician.name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word?.[0] ?? "").join("");
}
