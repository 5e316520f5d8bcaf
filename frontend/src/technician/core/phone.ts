/** The phone of one user: what they tap is kept before it is shown, and shown before it is sent. */

import Dexie from "dexie";
import type { Entry } from "./entries.ts";
import { StorageFull, isFull } from "./errors.ts";
import { type Lying, Memory } from "./lying.ts";
import { skewNow } from "./skew.ts";
import {
  type Databases,
  type FileRow,
  type Made,
  type OutboxRow,
  type SignedIn,
  Store,
} from "./store.ts";
import type { VisitDoc } from "./types.ts";
import { type Unsent, unsentOf } from "./unsent.ts";

export interface Circumstances {
  now(): number;
  uuid(): string;
  /** The build that runs, as told to the server. */
  app: string;
  databases?: Databases;
}

/** A file ready to be kept: see `files.ts`. */
export interface Prepared {
  sha256: string;
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

const DAY_MS = 86_400_000;
/** Documents of somebody whom the server has not heard of for so long are wiped. */
export const STALE_MS = 14 * DAY_MS;

const CLOSED = "DatabaseClosedError";
const WIPED = "wiped";

export class Phone {
  readonly store: Store;
  private readonly memory: Memory;
  private readonly listeners = new Set<() => void>();
  private readonly tabs: BroadcastChannel | null;
  /** Let go of: what was still being read or sent comes to nothing, and nobody needs to hear. */
  isClosed = false;
  /** Called when another tab has wiped what this one shows. */
  onwiped: () => void = () => undefined;

  private constructor(
    readonly who: SignedIn,
    readonly circumstances: Circumstances,
  ) {
    this.store = new Store(who.user.id, circumstances.databases);
    this.memory = new Memory(this.store);
    this.tabs =
      typeof BroadcastChannel === "undefined"
        ? null
        : new BroadcastChannel(`callout-${who.user.id}`);
    this.tabs?.addEventListener("message", ({ data }) => {
      if (data === WIPED) return this.wiped();
      this.memory.forget();
      this.tell();
    });
    // Closed for good, where Dexie would open it again: an answer on its way would make it anew.
    this.store.on("versionchange", ({ newVersion }) => {
      if (newVersion !== null) return true;
      this.wiped();
      return false;
    });
  }

  static async open(who: SignedIn, circumstances: Circumstances): Promise<Phone> {
    const phone = new Phone(who, circumstances);
    await phone.store.open();
    await phone.forgetStale();
    return phone;
  }

  /** Keeps what was entered, and its files, in one strict transaction: resolves when the disk has
   * it. Throws StorageFull where there is no room: then nothing of it is kept. */
  async tap(
    visit: string | null,
    action: string,
    body: Record<string, unknown> = {},
    files: Prepared[] = [],
  ): Promise<string> {
    const { now, uuid } = this.circumstances;
    const at = now();
    const { skew, docs } = await this.memory.read();
    const made: Made = {
      id: uuid(),
      v: 1,
      visit,
      action,
      body: whole(body),
      at: new Date(at).toISOString(),
      skew: skewNow(skew, at),
      seen: docs.find(({ id }) => id === `visit:${visit}`)?.rev ?? "",
    };
    const row = {
      id: made.id,
      visit: visit ?? "",
      made,
      files: files.map(({ sha256 }) => sha256),
      bytes: new TextEncoder().encode(JSON.stringify(made)).length,
      stuck: null,
    };
    try {
      const kept = await this.keep(row, files, at);
      this.memory.add(kept.row, kept.files);
    } catch (error) {
      if (!isFull(error)) throw error;
      throw new StorageFull(await this.unsent());
    }
    this.tellAll();
    return made.id;
  }

  private async keep(
    row: Omit<OutboxRow, "n">,
    prepared: Prepared[],
    at: number,
  ): Promise<{ row: OutboxRow; files: FileRow[] }> {
    const { outbox, files, bytes } = this.store;
    // No more than is written: an upload under way may hold the others.
    const stores = prepared.length ? [outbox, files, bytes] : [outbox];
    return this.store.transaction("rw", stores, async () => {
      const added: FileRow[] = [];
      for (const one of prepared) {
        const { sha256, name, type } = one;
        if (await files.get(sha256)) continue;
        const size = one.bytes.byteLength;
        const file: FileRow = {
          sha256,
          size,
          name,
          type,
          held: [],
          state: "waiting",
          words: "",
          at,
        };
        await files.add(file);
        await bytes.put({ sha256, bytes: one.bytes });
        added.push(file);
      }
      return { row: { ...row, n: await outbox.add(row) }, files: added };
    });
  }

  /** All that the screens show, as it lies there now. */
  lying(): Promise<Lying> {
    return this.memory.read();
  }

  /** The visit as it stands on this phone: the server's document with own entries over it. */
  async view(visit: string): Promise<VisitDoc | null> {
    return (await this.visits()).find(({ id }) => id === visit) ?? null;
  }

  /** All visits that the phone has, by their planned start. */
  async visits(): Promise<VisitDoc[]> {
    return (await this.lying()).visits;
  }

  /** Everything entered here in the last 14 days, of one visit or of all, with what became of it. */
  async entries(visit?: string): Promise<Entry[]> {
    const { entries } = await this.lying();
    return entries.filter((one) => visit === undefined || one.visit === visit);
  }

  async unsent(): Promise<Unsent> {
    const { store } = this;
    return store.transaction("r", [store.outbox, store.files], async () => {
      const files = await store.files.where("state").equals("waiting").toArray();
      return unsentOf(await store.outbox.toArray(), files);
    });
  }

  /** The bytes of an own file, to show it before the server has it; null when it is gone. */
  async file(sha256: string): Promise<Blob | null> {
    const row = await this.store.files.get(sha256);
    const kept = row && (await this.store.bytes.get(sha256));
    return kept ? new Blob([kept.bytes], { type: row.type }) : null;
  }

  /** A thumbnail of somebody else's photo, kept for when there is no signal. */
  async thumb(url: string): Promise<Blob | null> {
    const kept = await this.store.thumbs.get(url);
    return kept ? new Blob([kept.bytes], { type: kept.type }) : null;
  }

  /** Text that is being typed; undefined forgets it. */
  async draftKeep(key: string, value: unknown): Promise<void> {
    const { drafts } = this.store;
    if (value === undefined) await drafts.delete(key);
    else await drafts.put({ key, value, at: this.circumstances.now() });
  }

  async draft<T>(key: string): Promise<T | undefined> {
    return (await this.store.drafts.get(key))?.value as T | undefined;
  }

  /** Calls after every change, in this tab or another one. Returns how to stop it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Something was written: every tab shows it. */
  changed(): void {
    this.memory.forget();
    this.tellAll();
  }

  private tellAll(): void {
    if (this.isClosed) return;
    this.tabs?.postMessage("changed");
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  /** Documents of a phone that nobody answered for 14 days are wiped; what is unsent stays. */
  async forgetStale(): Promise<void> {
    const { lastContact } = await this.memory.read();
    if (lastContact === null || this.circumstances.now() - lastContact < STALE_MS) return;
    const { docs, thumbs, drafts } = this.store;
    await this.store.transaction("rw", [docs, thumbs, drafts], async () => {
      await Promise.all([docs.clear(), thumbs.clear(), drafts.clear()]);
    });
    this.changed();
  }

  /** Whether this went wrong because the database was let go of in the middle of it: by a sign-out,
   * or by the browser, which was told that the phone is lost. Then nobody waits for it any more. */
  isGone(error: unknown): boolean {
    return this.isClosed || (error as Error).name === CLOSED;
  }

  /** Work that nobody waits for: when it ends because the database is gone, that is no fault. */
  unattended(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.isGone(error)) throw error;
    });
  }

  /** Lets go of the database, as a closed tab does. */
  close(): void {
    this.letGo();
    this.tabs?.close();
  }

  /** By another tab, or just now. */
  private wiped(): void {
    if (this.isClosed) return;
    this.close();
    this.onwiped();
  }

  private letGo(): void {
    this.isClosed = true;
    this.memory.forget();
    this.listeners.clear();
    this.store.close();
  }

  /** Everything of this user goes, unsent work too, or what `wiping` takes; other tabs are told
   * once it has. */
  async wipe(wiping: () => Promise<unknown> = () => this.delete()): Promise<void> {
    this.letGo();
    await wiping();
    this.tabs?.postMessage(WIPED);
    this.tabs?.close();
  }

  private delete(): Promise<void> {
    return new Dexie(this.store.name, this.circumstances.databases).delete();
  }
}

/** Without half characters: an emoji that a limit cut in two is JSON that no server reads. */
function whole(body: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(body, (_name, value: unknown) =>
    typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\uFFFD") : value,
  );
  return JSON.parse(text) as Record<string, unknown>;
}
