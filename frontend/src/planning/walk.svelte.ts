/** The keyboard over the board: one place has the focus; what is carried follows the arrows. */

import { tick } from "svelte";
import { text } from "../shared/texts.ts";
import type { Parts } from "./hands.ts";
import { subjectsOf } from "./hands.ts";
import { carrying, type Key, walking, type Wish } from "./keys.ts";
import type { Line } from "./lines.ts";
import { endOf } from "./moves.ts";
import type { Bar } from "./rows.ts";
import { isMovable } from "./view.svelte.ts";

export interface Doors {
  menu: (bar: Bar, button: HTMLElement) => void;
}

export class Walk {
  /** The line that has the focus, and the bar in it; "": its name. */
  line = $state("");
  bar = $state("");

  constructor(
    private readonly parts: Parts,
    private readonly doors: Doors,
  ) {}

  /** The place that Tab comes to, which is always one that is there. */
  get at(): { line: string; bar: string } {
    const line = this.lineNow();
    const bar = line?.row.bars.some((one) => one.key === this.bar) ? this.bar : "";
    return { line: line?.key ?? "", bar };
  }

  private rowLines(): Line[] {
    return this.parts.view.lines.filter((line) => line.kind === "row");
  }

  private lineNow(): Line | undefined {
    const lines = this.rowLines();
    return lines.find((line) => line.key === this.line) ?? lines[0];
  }

  barNow(): Bar | undefined {
    return this.lineNow()?.row.bars.find((bar) => bar.key === this.bar);
  }

  /** True: the key was for the board. */
  key(event: Key & { target: EventTarget | null }): boolean {
    const wish = this.parts.carry.isActive ? carrying(event) : walking(event);
    if (!wish) return false;
    if (this.parts.carry.isActive) this.carry(wish);
    else this.walk(wish, event.target as HTMLElement);
    return true;
  }

  // --- walking ---

  private walk(wish: Wish, target: HTMLElement): void {
    const { planner, view, carry } = this.parts;
    const bar = this.barNow();
    if (wish.do === "lines") this.toLine(wish.by);
    else if (wish.do === "bars") this.toBar(wish.by);
    else if (wish.do === "end") this.toEnd(wish.last, wish.all);
    else if (!bar) return;
    else if (wish.do === "open") view.open(bar);
    else if (wish.do === "menu") this.doors.menu(bar, target);
    else if (!isMovable(bar)) planner.said = text("board.stays", { number: bar.visit.number });
    else if (wish.do === "mark") view.mark(bar.key);
    else if (wish.do === "pick") carry.pick("keys", subjectsOf(view, bar));
    else if (wish.do === "stretch") {
      carry.pick("keys", subjectsOf(view, bar).slice(0, 1), true);
      carry.stretch(wish.quarters);
    }
  }

  private toLine(by: number): void {
    const lines = this.rowLines();
    const now = Math.max(
      0,
      lines.findIndex((line) => line.key === this.at.line),
    );
    const next = lines[Math.max(0, Math.min(lines.length - 1, now + by))];
    if (!next) return;
    const bar = this.barNow();
    void this.focus(next, bar ? nearest(next.row.bars, bar) : undefined);
  }

  private toBar(by: number): void {
    const line = this.lineNow();
    if (!line) return;
    const bars = this.drawn(line);
    const at = bars.findIndex((bar) => bar.key === this.bar) + by;
    if (at < bars.length) void this.focus(line, at < 0 ? undefined : bars[at]);
  }

  private toEnd(isLast: boolean, isAll: boolean): void {
    const lines = this.rowLines();
    const line = isAll ? lines.at(isLast ? -1 : 0) : this.lineNow();
    if (!line) return;
    void this.focus(line, isLast && !isAll ? this.drawn(line).at(-1) : undefined);
  }

  private drawn(line: Line): Bar[] {
    const { start, end } = this.parts.stage.scale;
    return line.row.bars.filter((bar) => bar.start < end && bar.end > start);
  }

  async focus(line: Line, bar?: Bar): Promise<void> {
    const { stage, view } = this.parts;
    this.line = line.key;
    this.bar = bar?.key ?? "";
    const { scale } = stage;
    const place = bar ? [scale.x(bar.start), scale.x(bar.end)] : [];
    stage.reveal(view.lines.indexOf(line), ...place);
    await tick();
    const row = stage.scroller?.querySelector(`[data-line="${CSS.escape(line.key)}"]`);
    const named = bar ? `[data-bar="${CSS.escape(bar.key)}"]` : "[data-head]";
    row?.querySelector<HTMLElement>(named)?.focus({ preventScroll: true });
  }

  /** Shows the visit of an order on these days, if there is one. */
  async toOrder(id: string): Promise<void> {
    const { view } = this.parts;
    const isIt = (bar: Bar) => bar.visit.service_order_id === id && !bar.visit.helper;
    const line = this.rowLines().find((one) => one.row.bars.some(isIt));
    const bar = line?.row.bars.find(isIt);
    if (!line || !bar) return;
    await this.focus(line, bar);
    view.open(bar);
  }

  /** The focus went to a place by another way: a click, Tab. */
  focused(line: string, bar: string): void {
    this.line = line;
    this.bar = bar;
  }

  // --- carrying ---

  private carry(wish: Wish): void {
    const { carry, stage } = this.parts;
    // A drag ends with the button; the arrows only set it right.
    if (carry.by === "pointer" && (wish.do === "back" || wish.do === "drop")) return;
    if (wish.do === "back") carry.putBack();
    else if (wish.do === "drop") void this.drop();
    else if (wish.do === "shift" && !carry.isStretch) carry.shift(stage.scale, wish.quarters);
    else if (wish.do === "shift") carry.stretch(wish.quarters);
    else if (wish.do === "stretch") carry.stretch(wish.quarters);
    else if (wish.do === "lines" && !carry.isStretch) this.carryTo(wish.by);
    else if (wish.do === "best" && carry.target) carry.toBest(carry.target.technician);
    this.follow();
  }

  private carryTo(by: number): void {
    const { carry, view } = this.parts;
    const now = view.technicians.indexOf(carry.target?.technician ?? "");
    const last = view.technicians.length - 1;
    const next = view.technicians[Math.max(0, Math.min(last, now + by))];
    if (next) carry.toRow(next);
  }

  /** What was picked up in the pile goes to the row that answers best, and the focus with it. */
  toBestRow(): void {
    const { carry } = this.parts;
    const technician = carry.bestRow() ?? this.lineNow()?.row.id;
    if (!technician) return;
    carry.toBest(technician);
    if (!carry.target) carry.toRow(technician);
    this.follow();
  }

  /** The focus stands in the row over which something is held. */
  private follow(): void {
    const { carry, stage, view } = this.parts;
    const { target } = carry;
    const line = target && this.rowLines().find((one) => one.row.id === target.technician);
    if (!target || !line) return;
    const { scale } = stage;
    stage.reveal(view.lines.indexOf(line), scale.x(target.start), scale.x(endOf(target)));
    // What was taken from this row keeps the focus; it is still drawn there.
    const own = line.row.bars.find((bar) => carry.has(bar.visit.visit_id));
    void this.focus(line, own).then(() =>
      stage.reveal(view.lines.indexOf(line), scale.x(target.start), scale.x(endOf(target))),
    );
  }

  private async drop(): Promise<void> {
    const { carry, view } = this.parts;
    const { target, subjects } = carry;
    const done = await carry.drop();
    const visit = subjects[0]?.visit_id;
    const technician = done ? target?.technician : subjects[0]?.technician_id;
    const line = this.rowLines().find((one) => one.row.id === technician);
    if (!line || document.querySelector("dialog[open]")) return;
    void this.focus(line, visit ? view.barOf(`${visit}@${line.row.id}`) : undefined);
  }
}

function nearest(bars: Bar[], to: Bar): Bar | undefined {
  const middle = (bar: Bar) => (bar.start + bar.end) / 2;
  const far = (bar: Bar) => Math.abs(middle(bar) - middle(to));
  return bars.reduce<Bar | undefined>(
    (best, bar) => (best && far(best) <= far(bar) ? best : bar),
    undefined,
  );
}
