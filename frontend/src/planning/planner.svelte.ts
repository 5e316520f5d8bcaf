/** The state that board, pile and panels share, and every change they ask for. */

import { text } from "../shared/texts.ts";
import { showToast } from "../shared/toasts.ts";
import { Refused, read, send } from "./api.ts";
import { Pages } from "./pages.svelte.ts";
import { narrowedBy, type PileQuery, WHOLE_PILE } from "./pile-query.ts";
import type { Settings } from "./settings.ts";
import type {
  Answers,
  Done,
  Fit,
  Linked,
  Move,
  Moved,
  Pile,
  PileItem,
  PromiseChoice,
  Refusal,
  RowAnswer,
  Span,
  StartAnswer,
  Visit,
} from "./types.ts";
import { Words } from "./words.ts";

/** What was picked up: an order of the pile, or a visit of a row. */
export interface Subject {
  order_id: string;
  version: number;
  number: string;
  customer: string;
  town: string;
  priority: string;
  minutes: number;
  visit_id: string | null;
  technician_id: string | null;
  start: string | null;
}

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

export function subjectOfItem(item: PileItem): Subject {
  return {
    order_id: item.id,
    version: item.version,
    number: item.number,
    customer: item.customer,
    town: item.town,
    priority: item.priority,
    minutes: item.duration_minutes,
    visit_id: null,
    technician_id: null,
    start: null,
  };
}

export function subjectOfVisit(visit: Visit, technicianId: string): Subject {
  return {
    order_id: visit.service_order_id,
    version: visit.version,
    number: visit.number,
    customer: visit.customer,
    town: visit.town,
    priority: visit.priority,
    minutes: Math.round((Date.parse(visit.end) - Date.parse(visit.start)) / 60_000),
    visit_id: visit.visit_id,
    technician_id: technicianId,
    start: visit.start,
  };
}

export class Planner extends Pages {
  pile = $state.raw<Pile | null>(null);
  pileQuery = $state<PileQuery>({ ...WHOLE_PILE });
  /** Picked up, by pointer or keys; the rows answer. */
  picked = $state.raw<Subject[]>([]);
  answers = $state.raw<Map<string, RowAnswer>>(new Map());
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

  private undoable: Done[][] = [];
  private spans = new Map<string, Promise<StartAnswer[]>>();
  private asking: AbortController | null = null;

  constructor(readonly settings: Settings) {
    super();
    this.first = settings.today;
    this.words = new Words(settings);
    Object.assign(this.pileQuery, narrowedBy(location.search));
  }

  orderAddress(id: string): string {
    return this.settings.urls.order_by_id.replace("{id}", id);
  }

  // --- reading ---

  async loadPile(): Promise<void> {
    const query = { ...this.pileQuery };
    const pile = await this.told(read<Pile>("planning/pile", query));
    if (pile && JSON.stringify(query) === JSON.stringify(this.pileQuery)) this.pile = pile;
  }

  // --- picking up, and what the rows answer ---

  pick(subjects: Subject[]): void {
    this.picked = subjects;
    this.answers = new Map();
    this.spans.clear();
    const first = subjects[0];
    if (!first) return;
    this.asking?.abort();
    this.asking = new AbortController();
    void this.loadAnswers(first, this.asking.signal);
  }

  letGo(): void {
    this.asking?.abort();
    this.picked = [];
    this.answers = new Map();
    this.spans.clear();
  }

  private async loadAnswers(subject: Subject, signal: AbortSignal): Promise<void> {
    const found = await this.told(read<Answers>("planning/answers", this.about(subject), signal));
    if (found && !signal.aborted) {
      this.answers = new Map(found.rows.map((row) => [row.technician_id, row]));
    }
  }

  /** Every start of a row in the range, with its answer; asked once for each row and pick-up. */
  startsOf(technicianId: string): Promise<StartAnswer[]> {
    const subject = this.picked[0];
    if (!subject) return Promise.resolve([]);
    let found = this.spans.get(technicianId);
    if (!found) {
      found = this.told(
        read<{ spans: StartAnswer[] }>(`planning/answers/${technicianId}`, this.about(subject)),
      ).then((answer) => answer?.spans ?? []);
      this.spans.set(technicianId, found);
    }
    return found;
  }

  private about(subject: Subject) {
    return {
      service_order_id: subject.order_id,
      visit_id: subject.visit_id,
      duration_minutes: subject.minutes,
      first: this.first,
      days: this.days,
    };
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
          wanted = again.moves ?? wanted;
          promise = again.promise ?? promise;
          // Other moves raise their own questions; those asked about were answered.
          confirmed = again.moves === undefined;
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
    this.undoable.push(moved.done);
    this.said = moved.words;
    showToast({ text: moved.words, status, undo: () => void this.undo(moved.done) });
  }

  /** Takes back the last move made here; several that went together come back together. */
  async undo(done = this.undoable.at(-1)): Promise<void> {
    // Once each: by its key, or by the button of its toast.
    if (!done || !this.undoable.includes(done)) return;
    this.undoable = this.undoable.filter((one) => one !== done);
    const back = await this.told(send<Moved>("planning/moves/undo", { done }));
    if (back) {
      this.said = back.words;
      showToast({ text: back.words });
    }
    await this.refresh();
  }

  async refresh(): Promise<void> {
    await Promise.all([this.loadBoard(), this.loadPile()]);
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
