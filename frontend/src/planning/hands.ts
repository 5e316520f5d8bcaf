/** The pointer over the board: pick up, carry, stretch, mark with a rubber band. */

import { type Dragging, follow, type Point } from "./drag.ts";
import { MINUTE } from "../shared/clock.ts";
import type { Carry } from "./carry.svelte.ts";
import { type Slot, slotOf, stretched } from "./moves.ts";
import type { Planner } from "./planner.svelte.ts";
import { type Subject, subjectOfVisit } from "./subjects.ts";
import type { Bar } from "./rows.ts";
import type { Stage } from "./stage.svelte.ts";
import { isMovable, type View } from "./view.svelte.ts";

export interface Parts {
  planner: Planner;
  view: View;
  carry: Carry;
  stage: Stage;
}

/** What of the board goes along when a bar is taken: it alone, or all that are marked. */
export function subjectsOf(view: View, bar: Bar): Subject[] {
  const marked = view.marked.has(bar.key) ? [...view.marked] : [];
  const bars = marked.flatMap((key) => view.barOf(key) ?? []).filter(isMovable);
  const all = [bar, ...bars.filter((one) => one.key !== bar.key)];
  return all.map((one) => subjectOfVisit(one.visit, one.technician));
}

/** A bar was pressed: a click stays one, a movement carries it, or pulls its edge. */
export function pressBar(parts: Parts, event: PointerEvent, bar: Bar): void {
  if (!isMovable(bar)) return;
  const edge = event.pointerType === "touch" ? "" : edgeOf(parts.stage, bar, event);
  follow(event, (point) => {
    if (edge) return pullEdge(parts, bar, edge);
    return carried(parts, subjectsOf(parts.view, bar), bar, point);
  });
}

const EDGE = 7;

/** The end of a bar at which it is held, if at one. No elements: a board has a thousand bars. */
export function edgeOf(stage: Stage, bar: Bar, at: { clientX: number; clientY: number }) {
  const under = stage.under({ x: at.clientX, y: at.clientY });
  if (!under) return "";
  const [left, right] = [stage.scale.x(bar.start), stage.scale.x(bar.end)];
  const edge = Math.min(EDGE, (right - left) / 5);
  if (under.x < left + edge) return "start";
  return under.x > right - edge ? "end" : "";
}

/** The pile's cards begin here too. */
export function pressCard(parts: Parts, event: PointerEvent, subjects: Subject[]): void {
  follow(event, () => carried(parts, subjects, null, null));
}

function carried(
  { carry, stage, view, planner }: Parts,
  subjects: Subject[],
  bar: Bar | null,
  from: Point | null,
): Dragging {
  const { clock } = view;
  // A bar stays under the pointer where it was taken; a card begins where it is held.
  const place = from && stage.under(from);
  const grabbed = bar && place ? stage.scale.at(place.x) - bar.start : 0;
  const minutes = subjects[0]?.minutes ?? 0;
  carry.pick("pointer", subjects);
  // Who comes from the pile crosses the board's edge: it scrolls only once the hand was inside.
  let wasInside = bar !== null;

  const aimed = (point: Point): Slot | null => {
    const under = stage.under(point);
    const line = under && view.lines[under.line];
    if (!under || line?.kind !== "row") return null;
    const technician = line.row.id;
    const best = bar ? null : bestUnder(technician, under.x);
    const { scale } = stage;
    const start = clock.snap(scale.at(under.x) - grabbed);
    const start_ = Math.min(Math.max(start, scale.start), scale.end - 15 * MINUTE);
    return { technician, start: best ?? start_, minutes };
  };
  /** On a row's dashed slot that slot is meant. */
  const bestUnder = (technician: string, x: number): number | null => {
    const start = carry.bestOf(technician);
    if (start === null) return null;
    const { scale } = stage;
    return x >= scale.x(start) && x <= scale.x(start + minutes * MINUTE) ? start : null;
  };
  return {
    frame: (point) => wasInside && stage.pull(point),
    move: (point) => {
      wasInside ||= stage.isWellInside(point);
      stage.pace.moved(); // details of new rows wait until the hand rests
      carry.point = point;
      carry.isOverPile = isOverPile(point);
      carry.aim(carry.isOverPile ? null : aimed(point));
    },
    end: () => {
      if (carry.isOverPile && subjects[0]?.visit_id) void carry.dropOnPile();
      else void carry.drop();
      planner.changed = new Set();
    },
    cancel: () => carry.putBack(),
  };
}

function isOverPile(point: Point): boolean {
  return Boolean(document.elementFromPoint(point.x, point.y)?.closest("[data-pile-drop]"));
}

function pullEdge({ carry, stage, view }: Parts, bar: Bar, edge: "start" | "end"): Dragging {
  const subject = subjectOfVisit(bar.visit, bar.technician);
  const from = slotOf(subject) as Slot;
  carry.pick("pointer", [subject], true);
  return {
    frame: (point) => stage.pull(point),
    move: (point) => {
      // Only the time counts; the hand need not stay in the row.
      const at = stage.scale.at(stage.xAt(point.x));
      carry.aim(stretched(from, edge, view.clock.snap(at)));
    },
    end: () => void carry.drop(),
    cancel: () => carry.putBack(),
  };
}

/** From an empty place: what the rubber band touches is marked. */
export function pressLane(
  { stage, view }: Parts,
  event: PointerEvent,
  show: (band: { from: Point; to: Point } | null) => void,
): void {
  if (event.pointerType === "touch") return; // that scrolls
  follow(event, (from) => ({
    move: (to) => show({ from, to }),
    end: (to) => {
      show(null);
      view.marked = new Set(touched(stage, view, from, to).map((bar) => bar.key));
    },
    cancel: () => show(null),
  }));
}

function touched(stage: Stage, view: View, from: Point, to: Point): Bar[] {
  const one = stage.under(from);
  const other = stage.under(to) ?? one;
  if (!one || !other) return [];
  const [left, right] = [one.x, other.x].sort((a, b) => a - b) as [number, number];
  const [first, last] = [one.line, other.line].sort((a, b) => a - b) as [number, number];
  return view.lines.slice(first, last + 1).flatMap((line) => {
    if (line.kind !== "row") return [];
    return line.row.bars.filter(
      (bar) => isMovable(bar) && stage.scale.x(bar.start) < right && stage.scale.x(bar.end) > left,
    );
  });
}
