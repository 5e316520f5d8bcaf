/** Words and icons of a visit, of an absence and of an answer; the same in bars and in the table. */

import { text } from "../shared/texts.ts";
import type { Clock } from "../shared/clock.ts";
import type { Bar } from "./rows.ts";
import { lateOf } from "./rows.ts";
import { STATUS_ICONS } from "../shared/statuses.ts";
import type { Absence, Fit, Visit } from "./types.ts";

export const FIT_ICONS: Record<Fit, string> = { fits: "check", asks: "clock-exclamation", no: "x" };

export const ABSENCE_ICONS: Record<Absence["kind"], string> = {
  holiday: "beach",
  sickness: "calendar-off",
  training: "school",
  meeting: "users",
  other: "calendar-off",
};

/** What ended another way than done keeps its last status, which holds no more: it has a mark of
 * its own, the same as on the order's page. */
export const ENDINGS: Record<string, { icon: string }> = {
  customer_absent: { icon: "user-off" },
  handed_back: { icon: "arrow-back" },
};

/** How a visit looks: the class of its colour, the icon of its disc, and its word. */
export function lookOf(visit: Visit): { colour: string; icon: string; word: string } {
  const { outcome, technician_status: status } = visit;
  if (!outcome || outcome === "done")
    return {
      colour: `co-k-${status}`,
      icon: STATUS_ICONS[status] ?? "point",
      word: text(`board.status.${status}`),
    };
  const icon = ENDINGS[outcome]?.icon ?? "point";
  return { colour: "co-k-ended", icon, word: text(`board.outcome.${outcome}`) };
}

export function lateWords(bar: Bar, now: number): string {
  const minutes = lateOf(bar, now);
  if (minutes < 1) return "";
  if (minutes < 100) return text("board.late", { time: text("minutes", { count: minutes }) });
  const rest = String(minutes % 60).padStart(2, "0");
  return text("board.late", { time: `${Math.floor(minutes / 60)} h ${rest}` });
}

/** Everything that a bar shows by marks, in words. */
export function flagWords(bar: Bar, clock: Clock, now: number): string[] {
  const { visit } = bar;
  const promised = visit.promise_from && visit.promise_to;
  return [
    lateWords(bar, now),
    visit.priority === "urgent" || visit.priority === "high"
      ? text(`board.priority.${visit.priority}`)
      : "",
    promised
      ? text(visit.promise_broken ? "board.promise_broken" : "board.promise", {
          time: clock.span(
            Date.parse(visit.promise_from as string),
            Date.parse(visit.promise_to as string),
          ),
        })
      : "",
    visit.open && visit.target_late ? text("board.target_late") : "",
    visit.late_report ? text("board.late_report") : "",
    visit.allow_overlap ? text("board.overlap_on_purpose") : "",
    visit.pinned ? text("board.pinned") : "",
    visit.helper ? text("board.helper") : "",
    visit.absent_count ? text("board.absent", { count: visit.absent_count }) : "",
    visit.seen_at ? text("board.seen") : "",
  ].filter(Boolean);
}

export function barWords(bar: Bar, clock: Clock, now: number): string {
  const { visit } = bar;
  const parts = [
    visit.number,
    visit.customer,
    visit.town,
    visit.type,
    clock.span(bar.start, bar.end),
    lookOf(visit).word,
    ...flagWords(bar, clock, now),
  ];
  return parts.filter(Boolean).join(", ");
}
