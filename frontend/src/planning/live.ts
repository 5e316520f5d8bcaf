/** What others do shows by itself: the rows it touches are read again, never under a drag. */

import { read } from "./api.ts";
import { holders } from "./boards.ts";
import type { Planner } from "./planner.svelte.ts";

const WAIT_MS = 700;
/** Nobody answered: until it is tried again. */
const AGAIN_MS = 3000;
/** More orders at once than this, and the whole board is read instead of asking for each. */
const MOST_ORDERS = 6;
/** What bars and pins are called changes seldom, and by the thousand when it is imported. */
const NAMES_MS = 15_000;
/** What runs late runs later without that anybody taps. */
const OUTLOOK_MS = 3 * 60_000;

interface OrderVisits {
  visits: { technician: { id: string } | null; helpers: { id: string }[] }[];
}

/** What is in somebody's hand. */
interface Held {
  readonly isActive: boolean;
  changedMeanwhile(orderId: string): void;
}

class Follower {
  private readonly orders = new Set<string>();
  private readonly technicians = new Set<string>();
  private all = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private names: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly planner: Planner,
    private readonly carry: Held,
  ) {}

  order(id: string): void {
    this.carry.changedMeanwhile(id);
    this.orders.add(id);
    this.soon();
  }

  technician(id: string): void {
    this.technicians.add(id);
    this.soon();
  }

  everything(): void {
    this.all = true;
    this.soon();
  }

  /** A customer, site or type: what it is called and where it lies, on any row. */
  named(): void {
    this.names ??= setTimeout(() => {
      this.names = undefined;
      this.everything();
    }, NAMES_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.names);
  }

  private soon(wait = WAIT_MS): void {
    this.timer ??= setTimeout(() => void this.flush(), wait);
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    if (this.carry.isActive || document.hidden) {
      this.soon(); // what is carried stays where it was picked up until it is dropped
      return;
    }
    const only = await this.touched();
    if (only?.size === 0 || (await this.planner.loadBoard(only ?? undefined))) return;
    this.all = true;
    this.soon(AGAIN_MS);
  }

  /** The technicians to read again; null: everybody. */
  private async touched(): Promise<Set<string> | null> {
    const { board } = this.planner;
    const orders = new Set(this.orders);
    const technicians = new Set(this.technicians);
    const all = this.all || !board || orders.size > MOST_ORDERS;
    this.orders.clear();
    this.technicians.clear();
    this.all = false;
    if (all) return null;
    const found = new Set([...technicians, ...holders(board, orders)]);
    const told = await Promise.allSettled(
      [...orders].map((id) => read<OrderVisits>(`service-orders/${id}`)),
    );
    for (const answer of told) {
      if (answer.status === "rejected") return null;
      for (const { technician, helpers } of answer.value.visits) {
        if (technician) found.add(technician.id);
        for (const helper of helpers) found.add(helper.id);
      }
    }
    return found;
  }
}

/** Gives back what ends it. */
export function followLive(planner: Planner, carry: Held): () => void {
  const follower = new Follower(planner, carry);
  const off = new AbortController();
  const hear = (kind: string, then: (id: string) => void) =>
    document.addEventListener(
      `live:${kind}`,
      (event) => then((event as CustomEvent<{ id?: string } | null>).detail?.id ?? ""),
      { signal: off.signal },
    );
  hear("service_order", (id) => follower.order(id));
  hear("technician", (id) => follower.technician(id));
  for (const kind of ["absence", "calendar", "team", "resync"])
    hear(kind, () => follower.everything());
  for (const kind of ["customer", "site", "type"]) hear(kind, () => follower.named());
  const outlook = setInterval(() => follower.everything(), OUTLOOK_MS);
  return () => {
    off.abort();
    clearInterval(outlook);
    follower.stop();
  };
}
