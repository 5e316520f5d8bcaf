/** What the card of a visit says: the slot, what was promised, what really happened. */

import { text } from "../shared/texts.ts";
import type { Figure } from "./figures.ts";
import type { Planner } from "./planner.svelte.ts";
import { ticking } from "./ticking.svelte.ts";
import type { Linked, Visit } from "./types.ts";
import { length } from "./words.ts";

export function factsOf(
  planner: Planner,
  visit: Visit,
  technician: Linked,
  helpers: string[],
): Figure[] {
  const { words } = planner;
  const near = (moment: string) => words.near(moment, ticking.now);
  const fact = (name: string, value: string | null, tone: Figure["tone"] = "") =>
    value ? { label: text(`planning.visit.${name}`), value, tone } : null;
  const { departed_at, arrived_at, closed_at } = visit.happened;
  const seen = visit.seen_at
    ? text("planning.visit.seen_at", { time: near(visit.seen_at) })
    : text("planning.visit.seen_not");
  const found = [
    fact("slot", words.slot(visit)),
    fact(visit.helper ? "helps" : "technician", technician.name),
    fact("helpers", helpers.join(", ")),
    fact("promised", promised(planner, visit), visit.promise_broken ? "bad" : "good"),
    fact("target", visit.target_at && near(visit.target_at), visit.target_late ? "bad" : ""),
    fact("late", visit.course.late_minutes > 0 ? length(visit.course.late_minutes) : null, "bad"),
    fact(
      "travel",
      visit.course.travel_minutes === null ? null : length(visit.course.travel_minutes),
    ),
    fact("departed", departed_at && near(departed_at)),
    fact("arrived", arrived_at && near(arrived_at)),
    fact("closed", closed_at && near(closed_at)),
    fact("overlap", visit.allow_overlap ? text("planning.visit.overlap_yes") : null),
    // Once somebody is under way, nobody asks any more whether they have read it.
    visit.open && visit.technician_status === "planned" ? fact("seen", seen) : null,
  ];
  return found.filter((one) => one !== null);
}

function promised({ words }: Planner, visit: Visit): string | null {
  if (!visit.promise_from || !visit.promise_to) return null;
  return words.slot({ start: visit.promise_from, end: visit.promise_to });
}
