/** Sends what waits, one tab at a time, and fetches what is new. */

import { isFull, PhoneError } from "./errors.ts";
import { BATCH, commandOf, exchange, pack, shelve } from "./exchange.ts";
import { holderOf } from "./holder.ts";
import type { Phone } from "./phone.ts";
import { wipeAll } from "./session.ts";
import type { OutboxRow } from "./store.ts";
import { Refused, type Transport, ask } from "./transport.ts";
import type { Answer, SignInCode } from "./types.ts";
import { sendFiles } from "./uploads.ts";

/** What the sender is at. In `sign_in` and `deactivated` taps go on; nothing is sent. `left`: this
 * browser is another user's phone by now, or nobody's. */
export type SenderState =
  | "idle"
  | "sending"
  | "no_connection"
  | "storage_full"
  | "sign_in"
  | "deactivated"
  | "lost"
  | "left";

/** Runs `work` if no other tab of this browser does; null if one does. */
export type Alone = <T>(name: string, work: () => Promise<T>) => Promise<T | null>;

const FIRST_MS = 2_000;
const LONGEST_MS = 300_000;
const ELSEWHERE_MS = 3_000;

export class Sender {
  state: SenderState = "idle";
  /** Called when `state` has become another one. */
  onstate: () => void = () => undefined;
  private limit = BATCH.commands;
  private failed = 0;
  private running: Promise<void> | null = null;
  private again = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly phone: Phone,
    private readonly transport: Transport,
    private readonly alone: Alone = byLock,
    private readonly random: () => number = Math.random,
  ) {
    phone.onwiped = () => this.is("left");
  }

  /** Send and fetch now: after a tap, at start, on a push, with a signal. Never rejects. */
  wake(): Promise<void> {
    clearTimeout(this.timer);
    this.again = this.running !== null;
    this.running ??= this.run()
      .catch((error: unknown) => {
        if (!this.phone.isGone(error)) throw error;
      })
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  /** After a new sign-in of the same user. */
  signedIn(): Promise<void> {
    this.is("idle");
    return this.wake();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    if (this.state === "lost" || this.phone.isClosed) return;
    if (!(await this.isHeld())) {
      this.phone.close();
      return this.is("left");
    }
    const name = `callout-sync-${this.phone.who.user.id}`;
    const mine = await this.alone(name, async () => {
      this.is("sending");
      this.is(await this.drained());
      return true;
    });
    if (mine === null) this.later(ELSEWHERE_MS);
    else if (this.state === "no_connection" || this.state === "storage_full")
      this.later(this.pause());
    else this.failed = 0;
  }

  /** Whether what is sent from here is still sent as this user: another tab signs out and in too. */
  private async isHeld(): Promise<boolean> {
    const { who, circumstances } = this.phone;
    return (await holderOf(circumstances.databases))?.user.id === who.user.id;
  }

  private async drained(): Promise<SenderState> {
    try {
      do {
        this.again = false;
        while (await this.once());
        await sendFiles(this.phone, this.transport, () => this.again);
      } while (this.again);
      return "idle";
    } catch (error) {
      if (error instanceof PhoneError && error.code === "no_connection") return "no_connection";
      if (error instanceof Refused) return this.turnedAway(error);
      if (isFull(error)) return "storage_full";
      throw error;
    }
  }

  /** One exchange; whether to go on at once. A batch refused as a whole is sent in halves, so that
   * one bad command never holds up the others. */
  async once(): Promise<boolean> {
    try {
      const { more } = await exchange(this.phone, this.transport, this.limit);
      this.limit = Math.min(BATCH.commands, this.limit * 2);
      return more;
    } catch (error) {
      if (!(error instanceof Refused) || ![400, 413, 422].includes(error.status)) throw error;
      await this.halve(error);
      return true;
    }
  }

  private async halve(refused: Refused): Promise<void> {
    const { rows } = await pack(this.phone, this.limit);
    await this.phone.store.positions.clear(); // lossy anyhow, and perhaps what was wrong
    if (rows.length > 1) {
      this.limit = Math.ceil(rows.length / 2);
      return;
    }
    // Is it the command, or would the server take nothing at all from this phone?
    await exchange(this.phone, this.transport, 0);
    this.limit = BATCH.commands;
    const { code, message: words } = refused;
    const stuck = { code, words, app: this.phone.circumstances.app };
    for (const { n } of rows) await this.phone.store.outbox.update(n, { stuck });
    this.phone.changed();
  }

  private async turnedAway({ status, code }: Refused): Promise<SenderState> {
    if (status !== 401) return "no_connection"; // it is there, but not now: the same to us
    const why = code as SignInCode;
    if (why === "lost") {
      this.is("lost"); // the last that its screens hear
      await this.phone.wipe(() => wipeAll(this.phone.circumstances.databases));
      return "lost";
    }
    if (why !== "deactivated") return "sign_in";
    await this.handOver();
    return "deactivated";
  }

  /** What was done before the account was ended is kept for review. */
  private async handOver(): Promise<void> {
    for (;;) {
      const { rows } = await pack(this.phone, BATCH.commands);
      if (rows.length === 0) return;
      const kept = await this.handed(rows);
      if (kept === 0) return;
    }
  }

  private async handed(rows: OutboxRow[]): Promise<number> {
    const { store, circumstances } = this.phone;
    let kept: string[];
    try {
      const body = JSON.stringify({ callout: 1, commands: rows.map(commandOf) });
      const path = "/technician/handover";
      const answer = await ask<{ callout: 1; kept: string[] }>(this.transport, {
        method: "POST",
        path,
        body,
      });
      kept = answer.kept;
    } catch (error) {
      if (error instanceof PhoneError || error instanceof Refused) return 0;
      throw error;
    }
    const answers = kept.map((id): Answer => {
      return { id, outcome: "held", code: "handed_over", words: "", at: null, uncertain: false };
    });
    await store.transaction("rw", [store.outbox, store.shelf, store.meta], async () => {
      const epoch = (await store.read<string>("epoch")) ?? "";
      await shelve(store, rows, answers, { epoch, now: circumstances.now() });
    });
    this.phone.changed();
    return kept.length;
  }

  private is(state: SenderState): void {
    if (state === this.state) return;
    this.state = state;
    this.onstate();
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.wake(), ms);
  }

  /** Longer each time, and never all phones at once. */
  private pause(): number {
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failed++);
    return longest * (0.5 + this.random() / 2);
  }
}

let busy = false;

const byLock: Alone = async (name, work) => {
  if (navigator.locks) {
    return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : null));
  }
  if (busy) return null;
  busy = true;
  try {
    return await work();
  } finally {
    busy = false;
  }
};
