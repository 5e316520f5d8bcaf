/** The state that board, pile and panels share, and every change they ask for. What a page holds is
 * in pages.svelte.ts, what the rows answer in picking.svelte.ts. */

import { text } from "../shared/texts.ts";
import { showToast } from "../shared/toasts.ts";
import { isDefinite, Refused, read, send } from "./api.ts";
import { Picking } from "./picking.svelte.ts";
import { narrowedBy, type PileQuery, WHOLE_PILE } from "./pile-query.ts";
import type { Settings } from "./settings.ts";
import type { Subject } from "./subjects.ts";
import type {
  Done,
  Fit,
  Linked,
  Move,
  Moved,
  Pile,
  PromiseChoice,
  Refusal,
  Span,
  Visit,
} from "./types.ts";
import { Words } from "./words.ts";

/** A question that a move raised, open until somebody answers it. */
export interface Question {
  refusal: Refusal;
  moves: Move[];
  /** Sends again (changed moves, confirmed, a promise chosen); null: put back. */
  answer: (again: Again | null) => void;
}

export interface Preview extends Span {
  technician_id: string;
  fit: Fit;
}

export interface Again {
  moves?: Move[];
  promise?: PromiseChoice | null;
}

export class Planner extends Picking {
  pile = $state.raw<Pile | null>(null);
  pileQuery = $state<PileQuery>({ ...WHOLE_PILE });
  /** The order that the suggestion panel is about. */
  asked = $state.raw<Subject | null>(null);
  /** The visit whose card is open. */
  opened = $state.raw<{ visit: Visit; technician: Linked } | null>(null);
  /** A slot looked at in a panel: the board draws it, dashed. */
  preview = $state.raw<Preview | null>(null);
  question = $state.raw<Question | null>(null);
  /** Moves on their way: their bars show pending. */
  pending = $state.raw<Set<string>>(new Set());
  /** What a screen reader is told. */
  said = $state("");

  /** How the board takes a card that the pointer pulls out of the pile. */
  drag: ((event: PointerEvent, subjects: Subject[]) => void) | null = null;

  /** Times in words, by the company's clock. */
  readonly words: Words;

  private pilesAsked = 0;
  private pileShown = 0;
  private undoable: { moves: Done[]; key: string }[] = [];

  constructor(readonly settings: Settings) {
    super();
    this.first = settings.today;
    this.words = new Words(settings);
    Object.assign(this.pileQuery, narrowedBy(location.search));
  }

  orderAddress(id: string): string {
    return this.settings.urls.order_by_id.replace("{id}", id);
  }

  /** Where an order's menu is read, as on its Kanban card. */
  menuAddress(id: string): string {
    return this.settings.urls.menu.replace("{id}", id);
  }

  // --- reading ---

  async loadPile(): Promise<void> {
    await this.told(this.readPile());
  }

  /** Throws where it is refused. */
  async readPile(): Promise<void> {
    const query = { ...this.pileQuery };
    const nth = ++this.pilesAsked;
    const pile = await read<Pile>("planning/pile", query);
    // Somebody may have narrowed it meanwhile, or a later answer have come before this one.
    const isWanted = JSON.stringify(query) === JSON.stringify(this.pileQuery);
    if (!isWanted || nth < this.pileShown) return;
    this.pileShown = nth;
    this.pile = pile;
  }

  // --- changing ---

  /** Asks the server for the moves; what it asks back is put to the dispatcher. True: done. */
  async place(moves: Move[]): Promise<boolean> {
    let wanted = moves;
    let confirmed = false;
    let promise: PromiseChoice | null = null;
    this.pending = new Set(moves.map((move) => move.service_order_id));
    try {
      for (;;) {
        try {
          const moved = await send<Moved>("planning/moves", { moves: wanted, confirmed, promise });
          this.done(moved);
          void this.loadPile();
          await this.loadBoard(); // until then what was dropped shows as it was asked for
          return true;
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          const again = await this.put(error.refusal, wanted);
          if (!again) {
            void this.refresh(); // somebody may have been faster
            return false;
          }
          // Other moves raise their own questions; those asked about were answered.
          promise = again.promise ?? (again.moves ? null : promise);
          confirmed = again.moves === undefined;
          wanted = again.moves ?? wanted;
        }
      }
    } finally {
      this.pending = new Set();
    }
  }

  private put(refusal: Refusal, moves: Move[]): Promise<Again | null> {
    const asks = ["refused_plan", "asks_plan"].includes(refusal.code);
    if (!asks) {
      showToast({ text: refusal.detail, tone: "error" });
      return Promise.resolve(null);
    }
    return new Promise((resolve) => {
      this.question = {
        refusal,
        moves,
        answer: (again) => {
          this.question = null;
          resolve(again);
        },
      };
    });
  }

  async unplan(subject: Subject): Promise<boolean> {
    const path = `service-orders/${subject.order_id}/actions/unplan`;
    const { version, visit_id } = subject;
    const sent = send<{ id: string; version: number; number: string }>(
      path,
      { visit_id },
      { version },
    );
    const order = await this.told(sent);
    if (order) {
      const done = [{ service_order_id: order.id, version: order.version, visit_id: null }];
      const { number } = order;
      this.done({ words: text("planning.visit.unplanned", { number }), done }, "new");
    }
    void this.refresh();
    return order !== null;
  }

  private done(moved: Moved, status = "planned"): void {
    const last = { moves: moved.done, key: crypto.randomUUID() };
    this.undoable.push(last);
    this.said = moved.words;
    showToast({ text: moved.words, status, undo: () => void this.undo(last) });
  }

  /** Takes back the last move made here; several that went together come back together. */
  async undo(last = this.undoable.at(-1)): Promise<void> {
    // Once each: by its key, or by the button of its toast.
    if (!last || !this.undoable.includes(last)) return;
    this.undoable = this.undoable.filter((one) => one !== last);
    try {
      const back = await send<Moved>("planning/moves/undo", { done: last.moves }, last);
      this.said = back.words;
      showToast({ text: back.words });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Nothing was heard: it may be asked again, by the same key, and is done once.
      if (!isDefinite(error)) this.undoable.push(last);
      showToast({ text: error.message, tone: "error" });
    }
    await this.refresh();
  }

  async refresh(): Promise<void> {
    await Promise.all([this.loadBoard(), this.loadPile()]);
  }
}
