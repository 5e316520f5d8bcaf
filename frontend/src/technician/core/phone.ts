/** The phone of one user: what they tap is kept before it is shown, and shown before it is sent. */

import Dexie from "dexie";
import { type Entry, entryOf, isLaid } from "./entries.ts";
import { StorageFull, isFull } from "./errors.ts";
import { overlay } from "./overlay.ts";
import { type Measured, skewNow, trueNow } from "./skew.ts";
import {
  type Databases,
  type DocRow,
  type FileRow,
  type Made,
  type OutboxRow,
  type ShelfRow,
  type SignedIn,
  Store,
} from "./store.ts";
import type { Me, VisitDoc } from "./types.ts";

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

/** All that lies on the phone, as it stood at one moment. */
export interface Lying {
  me: Me | null;
  /** By their planned start, own entries laid over them. */
  visits: VisitDoc[];
  entries: Entry[];
  lastContact: number | null;
  /** The server's time, as well as the phone knows it, ms. */
  now: number;
}

export interface Unsent {
  commands: number;
  files: number;
  bytes: number;
  /** When the oldest of them was entered, by the phone's clock. */
  since: string | null;
}

type Entered = OutboxRow | ShelfRow;

const DAY_MS = 86_400_000;
/** Documents of somebody whom the server has not heard of for so long are wiped. */
export const STALE_MS = 14 * DAY_MS;

const CLOSED = "DatabaseClosedError";

export class Phone {
  readonly store: Store;
  private readonly listeners = new Set<() => void>();
  private readonly tabs: BroadcastChannel | null;
  /** Let go of: what was still being read or sent comes to nothing, and nobody needs to hear. */
  isClosed = false;

  private constructor(
    readonly who: SignedIn,
    readonly circumstances: Circumstances,
  ) {
    this.store = new Store(who.user.id, circumstances.databases);
    this.tabs =
      typeof BroadcastChannel === "undefined"
        ? null
        : new BroadcastChannel(`callout-${who.user.id}`);
    this.tabs?.addEventListener("message", () => this.tell());
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
    const { store } = this;
    const id = uuid();
    const at = now();
    try {
      await store.transaction(
        "rw",
        [store.outbox, store.files, store.bytes, store.docs, store.meta],
        async () => {
          const made: Made = {
            id,
            v: 1,
            visit,
            action,
            body: whole(body),
            at: new Date(at).toISOString(),
            skew: skewNow(await store.read<Measured>("skew"), at),
            seen: visit ? ((await store.docs.get(`visit:${visit}`))?.rev ?? "") : "",
          };
          for (const file of files) await this.keep(file, at);
          await store.outbox.add({
            id,
            visit: visit ?? "",
            made,
            files: files.map(({ sha256 }) => sha256),
            bytes: new TextEncoder().encode(JSON.stringify(made)).length,
            stuck: null,
          });
        },
      );
    } catch (error) {
      if (!isFull(error)) throw error;
      throw new StorageFull(await this.unsent());
    }
    this.changed();
    return id;
  }

  private async keep(file: Prepared, at: number): Promise<void> {
    const { sha256, name, type, bytes } = file;
    if (await this.store.files.get(sha256)) return;
    const size = bytes.byteLength;
    const row: FileRow = { sha256, size, name, type, held: [], state: "waiting", words: "", at };
    await this.store.files.add(row);
    await this.store.bytes.put({ sha256, bytes });
  }

  /** What the server says of this user; null before the first contact. */
  async me(): Promise<Me | null> {
    const doc = (await this.store.docs.get("me"))?.doc;
    return doc?.id === "me" ? (doc.body as Me) : null;
  }

  /** The visit as it stands on this phone: the server's document with own entries over it. */
  async view(visit: string): Promise<VisitDoc | null> {
    return (await this.views(visit))[0] ?? null;
  }

  /** All visits that the phone has, by their planned start. */
  async visits(): Promise<VisitDoc[]> {
    return byStart(await this.views());
  }

  /** What the screens show, read once and at one moment: a tap is waited for by a thumb. */
  async lying(): Promise<Lying> {
    const { docs, outbox, shelf, files, meta } = this.store;
    return this.store.transaction("r", [docs, outbox, shelf, files, meta], async () => {
      const [all, rows, own, lastContact, now] = await Promise.all([
        docs.toArray(),
        this.rows(),
        files.toArray(),
        this.lastContact(),
        this.trueNow(),
      ]);
      const me = meOf(all);
      const visits = me ? byStart(laidOver(all, me, rows)) : [];
      return { me, visits, entries: entriesOf(rows, me, own), lastContact, now };
    });
  }

  private async views(visit?: string): Promise<VisitDoc[]> {
    const { store } = this;
    return store.transaction("r", [store.docs, store.outbox, store.shelf], async () => {
      const me = await this.me();
      if (!me) return [];
      const docs = visit
        ? await store.docs.where("id").equals(`visit:${visit}`).toArray()
        : await store.docs.where("id").startsWith("visit:").toArray();
      return laidOver(docs, me, await this.rows(visit));
    });
  }

  /** What was entered, sent or not, in its order. */
  private async rows(visit?: string): Promise<Entered[]> {
    const { outbox, shelf } = this.store;
    const found =
      visit === undefined
        ? [await shelf.toArray(), await outbox.toArray()]
        : [
            await shelf.where("visit").equals(visit).toArray(),
            await outbox.where("visit").equals(visit).toArray(),
          ];
    return found.flat().sort((a, b) => a.n - b.n);
  }

  /** Everything entered here in the last 14 days, of one visit or of all, with what became of it. */
  async entries(visit?: string): Promise<Entry[]> {
    const { store } = this;
    return store.transaction(
      "r",
      [store.docs, store.outbox, store.shelf, store.files],
      async () => {
        const me = await this.me();
        return entriesOf(await this.rows(visit), me, await store.files.toArray());
      },
    );
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

  /** The server's time as well as the phone knows it, ms. */
  async trueNow(): Promise<number> {
    return trueNow(await this.store.read<Measured>("skew"), this.circumstances.now());
  }

  /** When the server last answered, by the phone's clock, ms; null: never. */
  async lastContact(): Promise<number | null> {
    return (await this.store.read<number>("lastContact")) ?? null;
  }

  /** Calls after every change, in this tab or another one. Returns how to stop it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Something was written: every tab shows it. */
  changed(): void {
    if (this.isClosed) return;
    this.tabs?.postMessage("changed");
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  /** Documents of a phone that nobody answered for 14 days are wiped; what is unsent stays. */
  async forgetStale(): Promise<void> {
    const last = await this.lastContact();
    if (last === null || this.circumstances.now() - last < STALE_MS) return;
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
    this.isClosed = true;
    this.listeners.clear();
    this.tabs?.close();
    this.store.close();
  }

  /** Everything of this user goes, unsent work too. */
  async wipe(): Promise<void> {
    this.tabs?.postMessage("changed");
    this.close();
    const { databases } = this.circumstances;
    await new Dexie(this.store.name, databases).delete();
  }
}

function meOf(docs: readonly DocRow[]): Me | null {
  const doc = docs.find(({ id }) => id === "me")?.doc;
  return doc?.id === "me" ? (doc.body as Me) : null;
}

/** The visits among the documents, with what was entered and no document shows yet. */
function laidOver(docs: readonly DocRow[], me: Me, rows: readonly Entered[]): VisitDoc[] {
  const laid = new Map<string, Made[]>();
  for (const row of rows) {
    if (isLaid(row, me)) laid.set(row.visit, [...(laid.get(row.visit) ?? []), row.made]);
  }
  return docs.flatMap(({ doc }) => {
    if (doc.id === "me") return [];
    const body = doc.body as VisitDoc;
    return [overlay(body, me, laid.get(body.id) ?? [])];
  });
}

function byStart(visits: VisitDoc[]): VisitDoc[] {
  return visits.sort((a, b) => Date.parse(a.slot.start) - Date.parse(b.slot.start));
}

function entriesOf(rows: readonly Entered[], me: Me | null, files: readonly FileRow[]): Entry[] {
  const known = new Map(files.map((one) => [one.sha256, one]));
  return rows.map((row) => entryOf(row, me, known));
}

/** What waits, of these rows and files. */
export function unsentOf(rows: readonly OutboxRow[], files: readonly FileRow[]): Unsent {
  const since = [...rows.map(({ made }) => made.at), ...files.map((one) => iso(one.at))].sort();
  return {
    commands: rows.length,
    files: files.length,
    bytes: sum(rows.map(({ bytes }) => bytes)) + sum(files.map(({ size }) => size)),
    since: since[0] ?? null,
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
const sum = (all: number[]) => all.reduce((total, one) => total + one, 0);

/** Without half characters: an emoji that a limit cut in two is JSON that no server reads. */
function whole(body: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(body, (_name, value: unknown) =>
    typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\uFFFD") : value,
  );
  return JSON.parse(text) as Record<string, unknown>;
}
