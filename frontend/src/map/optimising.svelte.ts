/** An optimisation: asked for, followed while it is worked out, compared, applied or dropped. Its
 * result is a plan draft; the draft's own addresses stop, apply, drop and undo it. */

import { isDefinite, read, Refused, send } from "../planning/api.ts";
import { showToast } from "../shared/toasts.ts";
import { text } from "../shared/texts.ts";
import type { Day } from "./day.svelte.ts";
import { type Shapes, shapesOf } from "./features.ts";
import { addressOn } from "./keeping.ts";
import { type DrawnDay, proposedDay } from "./proposal.ts";
import type { Traveller } from "./types.ts";

const AGAIN_MS = 400;
/** Room for two maps beside each other. */
export const WIDE = matchMedia("(width >= 1100px)");

export interface Figures {
  served: number;
  urgent_served: number;
  targets_missed: number;
  lateness_minutes: number;
  driving_minutes: number;
  kilometres: number;
}

export interface Optimisation {
  id: string;
  version: number;
  state: string;
  /** Null while a worker has still to write down what it found. */
  finished_at: string | null;
  failure: string;
  progress: {
    elapsed: number;
    seconds: number;
    served: number;
    urgent_served: number;
    driving_minutes: number;
  } | null;
  figures: { before: Figures; after: Figures } | null;
  customers_moved: number;
  unserved: { order_id: string; number: string; reason: string; remedy: string }[];
  /** Whose day took no part, and why. */
  left_out: { technician_id: string; words: string }[];
  orders_left_out: number;
}

/** A plan on the map. */
export interface Drawn {
  travellers: Traveller[];
  shapes: Shapes;
}

export type Side = "before" | "after";

interface Slot {
  technician: { id: string; name: string };
  start: string;
  end: string;
}

export interface Change {
  id: string;
  service_order: { id: string; name: string };
  before: Slot | null;
  after: Slot | null;
  state: string;
  refusal: string;
}

export interface Wanted {
  days: string[];
  technician_ids: string[];
  moves: "order" | "technician" | "unplanned";
  /** `time_visit_ids`: whoever goes. */
  pinned: { visit_ids: string[]; time_visit_ids: string[]; technician_ids: string[] };
  objective: "served" | "least_change";
  relax_wishes: boolean;
  seconds: number;
  lunch_taken: string[];
  out: string[];
}

/** Of these something may be left to apply. */
const OPEN = ["ready", "stopped", "partly_applied"];

/** One that was stopped is, too, until the worker has written down the best so far. */
const isAwaited = ({ state, finished_at }: Optimisation) =>
  state === "making" || (state === "stopped" && finished_at === null);

/** It goes into an address: nothing else than an id does. */
function remembered(): string | null {
  const draft = new URLSearchParams(location.search).get("draft");
  return draft && /^[0-9a-f-]{36}$/i.test(draft) ? draft : null;
}

export class Optimising {
  isOpen = $state(false);
  result = $state.raw<Optimisation | null>(null);
  changes = $state.raw<Change[]>([]);
  /** Which plan the map draws, or both beside each other. */
  look = $state<Side | "both">("after");
  /** The day on the map, as it is and as it is proposed. */
  private drawn = $state.raw<DrawnDay | null>(null);
  isBusy = $state(false);
  /** What the server says of a field, in words. */
  error = $state("");

  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Which one is followed, the how manieth: what is answered to an earlier one is not heard. */
  private turnOf = 0;

  readonly isMaking: boolean = $derived(this.result !== null && isAwaited(this.result));
  readonly isReady: boolean = $derived(!this.isMaking && OPEN.includes(this.result?.state ?? ""));
  /** Whether it is, or may become, the plan: one that was undone or let go is not drawn. */
  private readonly isDrawn: boolean = $derived(this.isReady || this.result?.state === "applied");
  readonly sides: Record<Side, Drawn> | null = $derived.by(() => {
    const { drawn, day } = this;
    if (!this.isOpen || drawn?.day !== day.map?.day || !this.isDrawn) return null;
    return drawn && { before: this.side(drawn.before), after: this.side(drawn.after) };
  });
  readonly isBoth: boolean = $derived(this.sides !== null && this.look === "both");
  /** The days that were optimised. */
  readonly days: string[] = $derived(this.drawn?.days ?? []);

  constructor(private readonly day: Day) {
    const draft = remembered();
    if (draft) void this.follow(draft);
  }

  /** What the plan has taken from the pile is not to be planned any more. */
  private side(routes: DrawnDay[Side]): Drawn {
    const { day } = this;
    const map = day.map as NonNullable<Day["map"]>;
    const taken = new Set(routes.flatMap((one) => one.stops.map((stop) => stop.order_id)));
    const unplanned = map.unplanned.filter((one) => !taken.has(one.order_id));
    const travellers = proposedDay(map, routes);
    const shown = travellers.filter(({ id }) => !day.hidden.has(id));
    const shapes = shapesOf({ ...map, unplanned }, shown, day.withOrders, day.shapeWords);
    return { travellers, shapes };
  }

  /** The plan of a picture: of one alone, the one that is looked at. */
  of(side: Side | null): Drawn | null {
    return this.sides?.[side ?? (this.look === "before" ? "before" : "after")] ?? null;
  }

  /** The routes of the other plan, below those of one that is looked at alone. */
  below(side: Side | null): Shapes["legs"] {
    const other = side ? null : this.sides?.[this.look === "before" ? "after" : "before"];
    return other?.shapes.legs ?? { type: "FeatureCollection", features: [] };
  }

  nameOf(side: Side | null): string {
    return text((side ?? this.look) === "before" ? "map.opt.now" : "map.opt.after");
  }

  /** What is being worked out goes on unseen; it is there again when this is opened. */
  open(): void {
    this.day.close();
    this.isOpen = true;
    const draft = remembered();
    if (draft) void this.follow(draft);
  }

  close(): void {
    clearTimeout(this.timer);
    this.turnOf += 1;
    this.isOpen = false;
    if (this.isMaking) showToast({ text: text("map.opt.goes_on") });
    else this.remember("");
    this.result = null;
    this.drawn = null;
    this.changes = [];
  }

  private remember(draft: string): void {
    const search = new URLSearchParams(location.search);
    if (draft) search.set("draft", draft);
    else search.delete("draft");
    history.replaceState(null, "", search.size ? `?${search}` : location.pathname);
  }

  async start(wanted: Wanted): Promise<void> {
    this.error = "";
    const made = await this.heard(send<{ id: string }>("planning/optimisations", wanted));
    if (made) await this.follow(made.id);
  }

  private async follow(id: string): Promise<void> {
    this.isOpen = true;
    this.look = WIDE.matches ? "both" : "after";
    this.remember(id);
    this.turnOf += 1;
    await this.again(id);
  }

  private async again(id: string): Promise<void> {
    clearTimeout(this.timer);
    const { turnOf } = this;
    try {
      const result = await read<Optimisation>(`planning/optimisations/${id}`);
      if (turnOf !== this.turnOf) return;
      if (!isAwaited(result)) {
        const [draft, drawn] = await Promise.all([
          read<{ moves: Change[] }>(`planning/drafts/${id}`),
          read<DrawnDay>(`planning/optimisations/${id}/routes`, { day: this.day.first }),
        ]);
        if (turnOf !== this.turnOf) return;
        this.result = result;
        this.changes = draft.moves.filter((one) => one.after);
        this.drawn = drawn;
        const [first] = drawn.days;
        if (first && !drawn.days.includes(drawn.day)) location.replace(addressOn(first));
        return;
      }
      this.result = result;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (turnOf !== this.turnOf) return;
      if (isDefinite(error)) {
        this.error = error.message;
        this.remember("");
        return;
      }
    }
    this.timer = setTimeout(() => void this.again(id), AGAIN_MS);
  }

  /** Ends the work; the best found so far is the result. */
  async stop(): Promise<void> {
    const id = this.result?.id;
    if (!id) return;
    await this.heard(send(`planning/drafts/${id}/stop`, {}));
    await this.again(id);
  }

  async apply(technician = ""): Promise<void> {
    const id = this.result?.id ?? "";
    const body = technician ? { technician_ids: [technician] } : {};
    if (!(await this.turn(id, "apply", body))) return;
    const count = (state: string) => this.changes.filter((one) => one.state === state).length;
    const refused = count("refused");
    const words = refused ? "map.opt.applied_some" : "map.opt.applied";
    showToast({
      text: text(words, { count: count("applied"), refused }),
      status: "planned",
      undo: () => void this.undo(id),
    });
  }

  async undo(id: string): Promise<void> {
    if (await this.turn(id, "undo", {})) showToast({ text: text("map.opt.undone") });
  }

  async drop(): Promise<void> {
    if (await this.turn(this.result?.id ?? "", "drop", {})) this.close();
  }

  private async turn(id: string, what: string, body: object): Promise<boolean> {
    const draft = await this.heard(
      send<{ moves: Change[] }>(`planning/drafts/${id}/${what}`, body),
    );
    if (!draft) return false;
    const isLookedAt = this.result?.id === id;
    if (isLookedAt) this.changes = draft.moves.filter((one) => one.after);
    await Promise.all([this.day.loadBoard(), isLookedAt && this.again(id)]);
    return true;
  }

  private async heard<T>(work: Promise<T>): Promise<T | null> {
    this.isBusy = true;
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.error = error.message;
      showToast({ text: error.message, tone: "error" });
      return null;
    } finally {
      this.isBusy = false;
    }
  }
}
