/** What a refused or doubtful move asks, and what each answer sends again. Plain, so that it is tested. */

import { text } from "../shared/texts.ts";
import type { Planner, Question } from "./planner.svelte.ts";
import type { Move, PromiseChoice, Refusal, Remedy } from "./types.ts";
import type { Words } from "./words.ts";

const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;

/** The move that the refusal is about: of several that went together, the first refused. */
export function moveInQuestion({ moves, refusal }: Question): Move | undefined {
  return moves.find((move) => move.service_order_id === refusal.service_order_id) ?? moves[0];
}

/** All moves, the one in question as the remedy would have it. */
export function movesWith(question: Question, remedy: Remedy): Move[] {
  const meant = moveInQuestion(question);
  const minutes = Math.round((Date.parse(remedy.end) - Date.parse(remedy.start)) / MINUTE);
  return question.moves.map((move) =>
    move === meant
      ? {
          ...move,
          technician_id: remedy.technician.id,
          start: remedy.start,
          duration_minutes: minutes,
          allow_overlap: remedy.kind === "allow_overlap",
        }
      : move,
  );
}

/** Who and when, as the dispatcher meant it: "Boulangerie Lemaire with Jeroen Claes, Tue 11:00". */
export function meantWords(planner: Planner, question: Question): string {
  const move = moveInQuestion(question);
  if (!move) return "";
  const row = planner.board?.rows.find((one) => one.technician.id === move.technician_id);
  const end = new Date(Date.parse(move.start) + move.duration_minutes * MINUTE).toISOString();
  return text("planning.ask.meant", {
    order: orderWords(planner, move.service_order_id),
    technician: row?.technician.name ?? "",
    slot: planner.words.slot({ start: move.start, end }),
  });
}

function orderWords(planner: Planner, id: string): string {
  const item = planner.pile?.items.find((one) => one.id === id);
  const visits = planner.board?.rows.flatMap((row) => row.visits) ?? [];
  const found = item ?? visits.find((visit) => visit.service_order_id === id);
  return found ? [found.number, found.customer].filter(Boolean).join(", ") : "";
}

export interface PromiseFields {
  date: string;
  from: string;
  to: string;
}

/** A new promise as long as the one that breaks, around the new arrival. */
export function promiseAround(
  words: Words,
  start: string,
  broken: NonNullable<Refusal["promise"]>,
): PromiseFields {
  const long = Math.max(Date.parse(broken.to) - Date.parse(broken.from), HALF_HOUR);
  const early = Date.parse(start) - long / 4;
  const from = Math.floor(early / HALF_HOUR) * HALF_HOUR;
  const at = new Date(from).toISOString();
  const until = new Date(Math.max(from + long, Date.parse(start))).toISOString();
  return { date: words.date(at), from: words.hour(at), to: words.hour(until) };
}

/** The choice as it is sent; null where the hours are none, or end before they begin. */
export function promiseChosen(
  words: Words,
  choice: PromiseChoice["choice"],
  fields: PromiseFields,
): PromiseChoice | null {
  if (choice !== "anew") return { choice };
  if (!fields.date || !fields.from || !fields.to || fields.to <= fields.from) return null;
  return {
    choice,
    promise_from: words.moment(fields.date, fields.from),
    promise_to: words.moment(fields.date, fields.to),
  };
}
