/** What is picked up, by pointer or keys alike: where it is held, what is answered, its drop. */

import { text } from "../shared/texts.ts";
import { showToast } from "../shared/toasts.ts";
import { dateWords, MINUTE, QUARTER } from "../shared/clock.ts";
import type { Point } from "./drag.ts";
import {
  endOf,
  LEAST_MINUTES,
  MOST_MINUTES,
  movesOf,
  type Slot,
  slotOf,
  together,
} from "./moves.ts";
import type { Planner } from "./planner.svelte.ts";
import type { Subject } from "./subjects.ts";
import { overlapped } from "./rows.ts";
import type { Scale } from "./scale.ts";
import type { Fit } from "./types.ts";
import type { View } from "./view.svelte.ts";

const CROSSED_MS = 70;

interface Start {
  from: number;
  until: number;
  fit: Fit;
  words: string;
}

export interface Held {
  fit: Fit | null;
  words: string;
}

export class Carry {
  /** How it is carried; "": nothing is. */
  by = $state<"" | "pointer" | "keys">("");
  subjects = $state.raw<Subject[]>([]);
  /** Where the first of them is held. */
  target = $state.raw<Slot | null>(null);
  point = $state.raw<Point | null>(null);
  isOverPile = $state(false);
  /** Dropped; the server has not answered yet. */
  sent = $state.raw<Slot[]>([]);
  /** The card in the hand stays away while a bar's edge is pulled. */
  isStretch = $state(false);

  readonly slots: Slot[] = $derived.by(() => {
    const { target, subjects, view } = this;
    return target ? together(view.clock, subjects, target, view.technicians) : this.sent;
  });
  /** What is answered to where it is held. */
  readonly held: Held = $derived.by(() => this.answered());

  private starts = $state.raw<Start[]>([]);
  private startsFor = "";
  private from: HTMLElement | null = null;

  constructor(
    private readonly planner: Planner,
    private readonly view: View,
  ) {}

  get isActive(): boolean {
    return this.by !== "";
  }

  has(visitId: string): boolean {
    return this.subjects.some((subject) => subject.visit_id === visitId);
  }

  pick(by: "pointer" | "keys", subjects: Subject[], isStretch = false): void {
    this.by = by;
    this.subjects = subjects;
    this.isStretch = isStretch;
    this.sent = [];
    this.starts = [];
    this.startsFor = "";
    this.from = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.aim(by === "keys" || isStretch ? (subjects[0] && slotOf(subjects[0])) || null : null);
    // Every row answers, except where only the length changes: that stays in its row.
    if (!isStretch && this.planner.picked !== subjects) this.planner.pick(subjects);
  }

  aim(slot: Slot | null): void {
    const now = this.target;
    if (slot && now && slot.technician === now.technician) {
      if (slot.start === now.start && slot.minutes === now.minutes) return;
    }
    this.target = slot;
    if (slot && !this.isStretch) void this.ask(slot.technician);
  }

  /** Each quarter of the row under the pointer is asked for once, when it gets there. */
  private async ask(technician: string): Promise<void> {
    if (this.startsFor === technician) return;
    this.startsFor = technician;
    this.starts = [];
    // Rows that are only crossed are not asked.
    if (this.by === "pointer") await new Promise((rest) => setTimeout(rest, CROSSED_MS));
    if (this.startsFor !== technician) return;
    const spans = await this.planner.startsOf(technician);
    if (this.startsFor !== technician) return;
    this.starts = spans.map((span) => ({
      ...span,
      from: Date.parse(span.from),
      until: Date.parse(span.until),
    }));
  }

  private answered(): Held {
    const { target, planner } = this;
    if (!target) return { fit: null, words: "" };
    if (!this.isStretch) {
      const at = target.start;
      const start = this.starts.find((one) => one.from <= at && at < one.until);
      if (start) return start;
      const answer = planner.answers.get(target.technician);
      if (answer?.start && Date.parse(answer.start) === at) return answer;
    }
    const row = this.view.rowOf(target.technician);
    const gone = new Set(this.subjects.map((subject) => subject.order_id));
    const [first] = row ? overlapped(row.bars, target.start, endOf(target), gone) : [];
    const words = first ? text("board.overlaps", { number: first.visit.number }) : "";
    return { fit: first ? "no" : null, words };
  }

  // --- by keys ---

  shift(scale: Scale, quarters: number): void {
    const { target } = this;
    if (target) this.aim({ ...target, start: scale.shifted(target.start, quarters) });
  }

  stretch(quarters: number): void {
    const { target } = this;
    if (!target) return;
    const minutes = target.minutes + (quarters * QUARTER) / MINUTE;
    if (minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES) this.aim({ ...target, minutes });
  }

  /** Another row; something from the pile begins at that row's best slot. */
  toRow(technician: string): void {
    const minutes = this.target?.minutes ?? this.subjects[0]?.minutes ?? LEAST_MINUTES;
    const start = this.target?.start ?? this.bestOf(technician) ?? this.view.now;
    this.aim({ technician, start: this.view.clock.snap(start), minutes });
  }

  bestOf(technician: string): number | null {
    const start = this.planner.answers.get(technician)?.start;
    return start ? Date.parse(start) : null;
  }

  toBest(technician: string): void {
    const start = this.bestOf(technician);
    const minutes = this.target?.minutes ?? this.subjects[0]?.minutes ?? LEAST_MINUTES;
    if (start !== null) this.aim({ technician, start, minutes });
  }

  /** The row that answers best: one that fits, with the least travel on top. */
  bestRow(): string | null {
    const shown = new Set(this.view.technicians);
    const rank = { fits: 0, asks: 1, no: 2 };
    const able = [...this.planner.answers.values()].filter(
      (one) => one.start && shown.has(one.technician_id),
    );
    able.sort(
      (one, other) =>
        rank[one.fit] - rank[other.fit] ||
        (one.extra_minutes ?? one.travel_minutes ?? 0) -
          (other.extra_minutes ?? other.travel_minutes ?? 0),
    );
    return able[0]?.technician_id ?? null;
  }

  words(): string {
    const { target, view } = this;
    if (!target) return "";
    const { clock } = view;
    return text("board.held", {
      technician: view.rowOf(target.technician)?.name ?? "",
      day: dateWords(clock.dayOf(target.start), clock.language),
      time: clock.span(target.start, endOf(target)),
      answer: this.held.words,
    });
  }

  // --- letting go ---

  /** The server decides. Until it has, the slots show as asked for; refused, all is as before. */
  async drop(): Promise<boolean> {
    const { subjects, slots, planner } = this;
    const moves = this.target ? movesOf(subjects, slots) : [];
    if (!moves.length) {
      this.putBack();
      return false;
    }
    this.end(slots);
    try {
      return await planner.place(moves);
    } finally {
      this.sent = [];
      this.view.marked = new Set();
    }
  }

  async dropOnPile(): Promise<void> {
    const [subject] = this.subjects;
    this.end([]);
    if (subject?.visit_id) await this.planner.unplan(subject);
  }

  putBack(): void {
    if (!this.isActive) return;
    const { from, by } = this;
    this.end([]);
    this.planner.said = text("board.put_back");
    if (by === "keys") from?.focus();
  }

  private end(sent: Slot[]): void {
    this.by = "";
    this.sent = sent;
    this.target = null;
    this.point = null;
    this.isOverPile = false;
    this.startsFor = "";
    this.planner.letGo();
  }

  /** Somebody changed, meanwhile, an order that is in the hand. */
  changedMeanwhile(orderId: string): void {
    const subject = this.subjects.find((one) => one.order_id === orderId);
    if (!this.isActive || !subject) return;
    const words = text("board.changed_meanwhile", { number: subject.number });
    this.planner.said = words;
    showToast({ text: words, tone: "warning" });
  }
}
