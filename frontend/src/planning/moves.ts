/** From what is carried, and where it is held, to the slots that it would take. Pure. */

import { type Clock, MINUTE } from "../shared/clock.ts";
import type { Subject } from "./subjects.ts";
import type { Move } from "./types.ts";

export interface Slot {
  technician: string;
  start: number;
  minutes: number;
}

export const LEAST_MINUTES = 15;
export const MOST_MINUTES = 24 * 60;

export function endOf(slot: Slot): number {
  return slot.start + slot.minutes * MINUTE;
}

/** Where the subject is now; null: it is in the pile. */
export function slotOf(subject: Subject): Slot | null {
  if (!subject.technician_id || !subject.start) return null;
  const { technician_id: technician, minutes } = subject;
  return { technician, start: Date.parse(subject.start), minutes };
}

/** The slots of all that is carried when the first is held at `target`.
 *
 * Visits go by the same time on the wall and as many rows; orders of the pile follow each other. */
export function together(
  clock: Clock,
  subjects: Subject[],
  target: Slot,
  technicians: string[],
): Slot[] {
  const [first] = subjects;
  const from = first && slotOf(first);
  const shift = from ? clock.wall(target.start) - clock.wall(from.start) : 0;
  const rows = from
    ? technicians.indexOf(target.technician) - technicians.indexOf(from.technician)
    : 0;
  let next = target.start;
  return subjects.map((subject, count) => {
    const now = slotOf(subject);
    const slot = count === 0 ? target : { ...target, minutes: subject.minutes };
    if (!now || count === 0) {
      const placed = { ...slot, start: next };
      next = endOf(placed);
      return placed;
    }
    const at = technicians.indexOf(now.technician);
    return {
      technician: (at >= 0 && technicians[at + rows]) || now.technician,
      start: clock.atWall(clock.wall(now.start) + shift),
      minutes: now.minutes,
    };
  });
}

/** Stretched at its end or its start, the other end where it was. */
export function stretched(from: Slot, edge: "start" | "end", at: number): Slot {
  const end = endOf(from);
  const length = (minutes: number) =>
    Math.min(MOST_MINUTES, Math.max(LEAST_MINUTES, Math.round(minutes)));
  if (edge === "end") return { ...from, minutes: length((at - from.start) / MINUTE) };
  const minutes = length((end - at) / MINUTE);
  return { ...from, start: end - minutes * MINUTE, minutes };
}

/** What is to be asked of the server; nothing where everything stays where it was. */
export function movesOf(subjects: Subject[], slots: Slot[]): Move[] {
  const moves = subjects.map((subject, count): Move => {
    const slot = slots[count] as Slot;
    return {
      service_order_id: subject.order_id,
      version: subject.version,
      visit_id: subject.visit_id,
      technician_id: slot.technician,
      start: new Date(slot.start).toISOString().replace(".000Z", "Z"),
      duration_minutes: slot.minutes,
      allow_overlap: false,
    };
  });
  return subjects.every((subject, count) => isSame(slotOf(subject), slots[count] as Slot))
    ? []
    : moves;
}

function isSame(now: Slot | null, then: Slot): boolean {
  return (
    now !== null &&
    now.technician === then.technician &&
    now.start === then.start &&
    now.minutes === then.minutes
  );
}
