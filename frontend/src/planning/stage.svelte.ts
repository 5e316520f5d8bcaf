/** The board's window: its size, how far it is scrolled, and what of rows and hours lies in it. */

import type { Point } from "./drag.ts";
import { EDGE, pull } from "./drag.ts";
import { lineAt, topsOf, windowOf } from "./lines.ts";
import { Pace } from "./pace.svelte.ts";
import { type Scale, scaleOf } from "./scale.ts";
import type { View } from "./view.svelte.ts";

export const NAMES = 186;
export const AXIS = 30;
/** Bars are drawn a good piece beyond the window, so that a scroll finds them there. */
const BESIDE = 160;
/** Of the hour before, so that the first label is whole. */
const BEFORE = 22;
const LEAST_ROW = 43;
const MOST_ROW = 62;
const ROWS = 12;

export class Stage {
  scroller = $state.raw<HTMLElement | null>(null);
  width = $state(0);
  height = $state(0);
  top = $state(0);
  left = $state(0);

  readonly rowHeight: number = $derived(
    Math.max(LEAST_ROW, Math.min(MOST_ROW, Math.floor((this.height - AXIS) / ROWS))),
  );
  readonly scale: Scale = $derived.by(() => {
    const { clock, hours, planner } = this.view;
    const lane = Math.max(this.width - NAMES - BEFORE, 320);
    return scaleOf(clock, planner.first, planner.days, hours, lane);
  });
  readonly tops: number[] = $derived.by(() => topsOf(this.view.lines, this.rowHeight));
  // Numbers, so that a scroll that changes none of them draws nothing.
  private readonly firstLine: number = $derived(this.linesIn()[0]);
  private readonly afterLine: number = $derived(this.linesIn()[1]);
  private readonly piece: number = $derived(Math.floor(this.left / BESIDE));

  readonly pace = new Pace();
  private page = "";
  private firstSeen: number | null = null;

  constructor(readonly view: View) {}

  private linesIn(): [number, number] {
    return windowOf(this.tops, this.top, this.height - AXIS);
  }

  /** First line drawn, and the one after the last. */
  get shown(): [number, number] {
    return [this.firstLine, this.afterLine];
  }

  /** From where to where bars are drawn. */
  get across(): [number, number] {
    return [(this.piece - 1) * BESIDE, (this.piece + 2) * BESIDE + this.width];
  }

  scrolled(): void {
    const { scroller } = this;
    if (!scroller) return;
    // Another size pushed it: the hour that was first is still the one to come back to.
    if (scroller.clientWidth !== this.width) {
      this.measure();
      return;
    }
    this.pace.moved();
    this.top = scroller.scrollTop;
    this.left = scroller.scrollLeft;
    this.firstSeen = this.scale.at(this.left);
  }

  measure(): void {
    const { scroller } = this;
    if (!scroller) return;
    this.width = scroller.clientWidth;
    this.height = scroller.clientHeight;
  }

  /** What is under a point of the window: the line and the place in its lane; null: elsewhere. */
  under(point: Point): { line: number; x: number } | null {
    const box = this.scroller?.getBoundingClientRect();
    if (!box || !this.view.lines.length) return null;
    const x = point.x - box.left - NAMES;
    const y = point.y - box.top - AXIS;
    if (x < 0 || point.x > box.right || y < 0 || point.y > box.bottom) return null;
    const height = y + this.top;
    if (height >= (this.tops.at(-1) ?? 0)) return null;
    return { line: lineAt(this.tops, height), x: x + this.left };
  }

  /** Scrolls where the pointer is at an edge; whether it did. */
  pull(point: Point): boolean {
    const { scroller } = this;
    const box = scroller?.getBoundingClientRect();
    if (!scroller || !box || point.x < box.left || point.y < box.top) return false;
    const along = pull(point.y, box.top + AXIS, box.bottom);
    const across = pull(point.x, box.left + NAMES, box.right);
    const { scrollTop, scrollLeft } = scroller;
    if (along || across) scroller.scrollBy(across, along);
    this.scrolled();
    return scroller.scrollTop !== scrollTop || scroller.scrollLeft !== scrollLeft;
  }

  /** The place in the lanes under that of the window. */
  xAt(clientX: number): number {
    const box = this.scroller?.getBoundingClientRect();
    return clientX - (box?.left ?? 0) - NAMES + this.left;
  }

  isWellInside(point: Point): boolean {
    const box = this.scroller?.getBoundingClientRect();
    return box !== undefined && point.x > box.left + NAMES + EDGE && point.y > box.top + AXIS;
  }

  /** Brings a line, and a place in it, into the window. */
  reveal(line: number, from?: number, until = from): void {
    const { scroller, tops } = this;
    if (!scroller) return;
    const top = tops[line] ?? 0;
    const bottom = tops[line + 1] ?? top;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + this.height - AXIS) {
      scroller.scrollTop = bottom - this.height + AXIS;
    }
    if (from !== undefined && until !== undefined) {
      const lane = this.width - NAMES;
      if (from < scroller.scrollLeft) scroller.scrollLeft = from - 24;
      else if (until > scroller.scrollLeft + lane) {
        scroller.scrollLeft = Math.min(from - 24, until - lane + 24);
      }
    }
    this.scrolled();
  }

  /** Another page opens at its place; another size of the same keeps the hour that was first. */
  rescaled(): void {
    const { planner, isTurning } = this.view;
    // Its hours are known only when it has come: then it opens once more.
    const page = `${planner.first} ${planner.days} ${isTurning}`;
    const first = this.firstSeen;
    if (page !== this.page || first === null) this.open();
    else if (this.scroller) {
      this.scroller.scrollLeft = this.scale.x(first);
      this.scrolled();
    }
    this.page = page;
  }

  /** Where a page opens: at the first hour of a day's work, of several days at today. */
  open(): void {
    const { scroller, scale, view } = this;
    const [day] = scale.days;
    if (!scroller || !day) return;
    const today = scale.days.find((one) => one.start <= view.now && view.now < one.end);
    const from = view.clock.moment(day.day, view.hours.from);
    scroller.scrollLeft = scale.days.length === 1 ? scale.x(from) - BEFORE : (today?.x ?? 0);
    this.scrolled();
  }
}
