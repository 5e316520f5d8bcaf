/** The board's pages: which days are shown, and what was read of them. */

import { showToast } from "../shared/toasts.ts";
import { isDefinite, Refused, read } from "./api.ts";
import { followed } from "./boards.ts";
import { dayAfter } from "../shared/clock.ts";
import type { Board } from "./types.ts";

const GLOW_MS = 1100;
const FEW_ROWS = 60;

interface Shown {
  nth: number;
  rows: Set<string>;
}

export class Pages {
  /** First day shown (company's date) and how many: 1, 3 or 7. */
  first = $state("");
  days = $state<1 | 3 | 7>(1);
  board = $state.raw<Board | null>(null);
  /** Why the board could not be read, in words. */
  boardError = $state("");
  /** Visits that others changed a moment ago. */
  changed = $state.raw<Set<string>>(new Set());

  private askedNth = 0;
  private shownNth = 0;
  private readonly waiting = new Set<number>();
  /** Rows shown that were asked for later than something that is still to come. */
  private overtaking: Shown[] = [];
  private readonly ahead = new Map<string, Promise<Board | null>>();

  /** The board that is there is of other days than those asked for. */
  get isTurning(): boolean {
    const { board, first, days } = this;
    return board?.first !== first || board.last !== dayAfter(first, days - 1);
  }

  /** Reads the days shown; with `only`, of these technicians alone. False: nobody answered, so that
   * what is shown may be old. */
  async loadBoard(only?: Set<string>): Promise<boolean> {
    const { first, days } = this;
    const part = this.isTurning ? undefined : only; // of a page that is not there yet: all of it
    const nth = ++this.askedNth;
    this.waiting.add(nth);
    // Somebody may have turned the page meanwhile, or a later answer have come before this one.
    const isWanted = () => first === this.first && days === this.days && nth > this.shownNth;
    const kept = this.isTurning ? this.ahead.get(`${first} ${days}`) : undefined;
    if (kept) this.take(await kept, isWanted);
    try {
      const query = { first, days, technician_id: part && [...part].join() };
      this.take(await read<Board>("planning/board", query), isWanted, part);
      if (!part) this.shownNth = Math.max(nth, this.shownNth);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (isWanted()) this.boardError = error.message;
      return isDefinite(error);
    } finally {
      this.waiting.delete(nth);
    }
    const overtaken = this.overtaken(nth, part);
    return overtaken.size ? this.loadBoard(overtaken) : true;
  }

  /** The rows of an answer of which a later question was answered sooner: they say what was. */
  private overtaken(nth: number, part?: Set<string>): Set<string> {
    const later = this.overtaking.filter((one) => one.nth > nth).flatMap((one) => [...one.rows]);
    if (part) this.overtaking.push({ nth, rows: part });
    const oldest = Math.min(...this.waiting);
    this.overtaking = this.overtaking.filter((one) => one.nth > oldest);
    return new Set(later.filter((id) => !part || part.has(id)));
  }

  private take(board: Board | null, isWanted: () => boolean, part?: Set<string>): void {
    if (!board || !isWanted()) return;
    const next = followed(this.board, board, part);
    this.board = next.board;
    this.boardError = "";
    if (next.changed.size) this.glow(next.changed);
  }

  private glow(changed: Set<string>): void {
    this.changed = changed;
    setTimeout(() => {
      if (this.changed === changed) this.changed = new Set();
    }, GLOW_MS);
  }

  /** The pages beside this one, so that turning shows at once; what is kept is read again then. */
  readAhead(): void {
    this.ahead.clear();
    // A week of a large company costs the server more than a page turned costs the dispatcher.
    if (this.days > 1 && (this.board?.rows.length ?? 0) > FEW_ROWS) return;
    for (const by of [this.days, -this.days]) {
      const first = dayAfter(this.first, by);
      const board = read<Board>("planning/board", { first, days: this.days }).catch(() => null);
      this.ahead.set(`${first} ${this.days}`, board);
    }
  }

  /** A refusal is told in words; null then. */
  async told<T>(work: Promise<T>): Promise<T | null> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof Refused) showToast({ text: error.message, tone: "error" });
      else if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
      return null;
    }
  }
}
