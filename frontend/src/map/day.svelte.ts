/** The day's map: what the API told, what is looked at, and every change that is asked for, by the
 * planning's own ways (Planner). */

import { showToast } from "../shared/toasts.ts";
import { isDefinite, read, Refused } from "../planning/api.ts";
import { capital, length } from "../planning/words.ts";
import type { Point } from "../planning/drag.ts";
import { Planner } from "../planning/planner.svelte.ts";
import { type Subject, subjectOfVisit } from "../planning/subjects.ts";
import { moveOf } from "../planning/suggest.ts";
import type { RowAnswer } from "../planning/types.ts";
import { text } from "../shared/texts.ts";
import {
  orderKey,
  placeOf,
  type Shapes,
  shapesOf,
  stopKey,
  type Words as ShapeWords,
} from "./features.ts";
import type { Settings } from "./settings.ts";
import type { MapDay, Place, Stop, Traveller, Unplanned } from "./types.ts";

const ORDERS = "orders";

export interface Found {
  technician: Traveller | null;
  stop: Stop | null;
  order: Unplanned | null;
}

export class Day extends Planner {
  map = $state.raw<MapDay | null>(null);
  failed = $state("");
  /** Whose routes are not drawn; "orders": what is to be planned. Kept in the address. */
  hidden = $state.raw<Set<string>>(new Set());
  hoveredKey = $state("");
  hoveredTechnician = $state("");
  chosenKey = $state("");
  /** Whose stops stand open in the list: their route is the one looked at. */
  unfolded = $state("");

  readonly technicians: Traveller[] = $derived(this.map?.technicians ?? []);
  readonly shown: Traveller[] = $derived(
    this.technicians.filter((one) => !this.hidden.has(one.id)),
  );
  readonly withOrders: boolean = $derived(!this.hidden.has(ORDERS));
  readonly shapes: Shapes | null = $derived.by(() => {
    if (!this.map) return null;
    return shapesOf(this.map, this.shown, this.withOrders, this.shapeWords);
  });
  /** The technician whose route stands out. */
  readonly looked: string = $derived(this.hoveredTechnician || this.unfolded);

  /** What stands beside marks and lines. */
  readonly shapeWords: ShapeWords = {
    span: (start, end) => `${this.words.hour(start)}–${this.words.hour(end)}`,
    leg: ({ minutes, kilometres }) => driveWords(minutes, kilometres),
  };

  /** Where the pointer carries what is picked up, and over whose row or mark. */
  hand = $state.raw<Point | null>(null);
  target = $state("");
  /** How the map goes to a place, and shows the whole of a route, once it is there. */
  goTo: (place: Place) => void = () => {};
  fitTo: (technician: Traveller) => void = () => {};

  private mapsAsked = 0;
  private mapShown = 0;

  constructor(override readonly settings: Settings) {
    super(settings);
    this.first = settings.day;
    const hide = new URLSearchParams(location.search).get("hide");
    this.hidden = new Set(hide?.split(",").filter(Boolean));
  }

  // --- reading ---

  override async loadBoard(only?: Set<string>): Promise<boolean> {
    const read = await Promise.all([super.loadBoard(only), this.loadMap()]);
    return read.every(Boolean);
  }

  /** The map has no pile: what is to be planned comes with the day. */
  override async loadPile(): Promise<void> {}

  private async loadMap(): Promise<boolean> {
    const nth = ++this.mapsAsked;
    try {
      const told = await read<MapDay>("planning/map", { ...this.settings.query, day: this.first });
      if (nth < this.mapShown) return true; // a later answer has come before this one
      this.mapShown = nth;
      this.map = told;
      this.failed = "";
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (nth === this.mapsAsked) this.failed = error.message;
      return isDefinite(error);
    }
    return true;
  }

  // --- what is shown ---

  show(id: string, isShown: boolean): void {
    const hidden = new Set(this.hidden);
    if (isShown) hidden.delete(id);
    else hidden.add(id);
    this.hide(hidden);
  }

  showAll(isShown: boolean): void {
    const others = [...this.hidden].filter((id) => id === ORDERS);
    const hidden = isShown ? [] : this.technicians.map((one) => one.id);
    this.hide(new Set([...others, ...hidden]));
  }

  private hide(hidden: Set<string>): void {
    this.hidden = hidden;
    const search = new URLSearchParams(location.search);
    if (hidden.size) search.set("hide", [...hidden].join());
    else search.delete("hide");
    history.replaceState(null, "", search.size ? `?${search}` : location.pathname);
  }

  get orders(): string {
    return ORDERS;
  }

  // --- what is looked at ---

  hover(key: string, technician: string): void {
    this.hoveredKey = key;
    this.hoveredTechnician = technician;
  }

  find(key: string): Found | null {
    if (key.startsWith("order:")) {
      const order = this.map?.unplanned.find((one) => orderKey(one.order_id) === key);
      return order ? { technician: null, stop: null, order } : null;
    }
    for (const technician of this.technicians) {
      const stop = technician.stops.find((one) => stopKey(one.visit_id, technician.id) === key);
      if (stop) return { technician, stop, order: null };
    }
    return null;
  }

  /** Opens what the planning has of it: a visit's card, or suggestions for an order to plan. */
  choose(key: string): Place | null {
    const found = this.find(key);
    this.chosenKey = found ? key : "";
    this.asked = null;
    this.opened = null;
    if (!found) return null;
    if (found.order) {
      this.asked = subjectOfOrder(found.order);
      return placeOf(found.order);
    }
    const { technician, stop } = found as { technician: Traveller; stop: Stop };
    this.unfolded = technician.id;
    const row = this.board?.rows.find((one) => one.technician.id === technician.id);
    const visit = row?.visits.find((one) => one.visit_id === stop.visit_id);
    if (row && visit) this.opened = { visit, technician: row.technician };
    return placeOf(stop);
  }

  close(): void {
    this.chosenKey = "";
    this.asked = null;
    this.opened = null;
  }

  // --- giving an order to somebody ---

  /** What can be picked up; null: it is under way or over, or goes where its visit goes. */
  subjectOf(key: string): Subject | null {
    const found = this.find(key);
    if (found?.order) return subjectOfOrder(found.order);
    if (!found?.stop?.open || found.stop.helper || found.stop.status !== "planned") return null;
    const id = found.technician?.id ?? "";
    const row = this.board?.rows.find((one) => one.technician.id === id);
    const visit = row?.visits.find((one) => one.visit_id === found.stop?.visit_id);
    return visit ? subjectOfVisit(visit, id) : null;
  }

  /** Picks it up: the rows of the list say who could, and when. */
  pickUp(key: string): void {
    const subject = this.subjectOf(key);
    if (subject) this.pick([subject]);
  }

  /** Gives what is picked up to a technician, at the slot that their row answered. */
  async give(technician: string): Promise<boolean> {
    const [subject] = this.picked;
    const answer = this.answers.get(technician);
    const who = this.technicians.find((one) => one.id === technician);
    this.letGo();
    if (!subject || !who || subject.technician_id === technician) return false;
    if (!answer?.start || !answer.end) {
      const words = answer ? capital(answer.words) : text("map.no_answer");
      showToast({ text: `${who.name}: ${words}`, tone: "warning" });
      return false;
    }
    const { start, end } = answer;
    const done = await this.place([moveOf(subject, { technician: who, start, end })]);
    if (done) this.close();
    return done;
  }

  answerWords(answer: RowAnswer): string {
    const late = answer.late_minutes
      ? text("board.late_by", { time: length(answer.late_minutes) })
      : answer.words;
    if (!answer.start) return capital(late);
    return [this.words.hour(answer.start), late].filter(Boolean).join(", ");
  }
}

export function driveWords(minutes: number, kilometres: number): string {
  const km = text("map.kilometres", { count: Math.round(kilometres) });
  return `${length(minutes)} · ${km}`;
}

function subjectOfOrder(order: Unplanned): Subject {
  const { order_id, version, number, customer, town, priority, duration_minutes: minutes } = order;
  const nowhere = { visit_id: null, technician_id: null, start: null };
  return { order_id, version, number, customer, town, priority, minutes, ...nowhere };
}
