/** What the phone keeps, in IndexedDB: one database for each user of this phone. */

import Dexie, { type Table } from "dexie";
import type { Answer, Command, Doc, Position } from "./types.ts";

// On an address of this machine it would follow every call for its debugger, which the demo and the
// benches would pay for: there it runs as it does everywhere.
Dexie.debug = false;

/** A command as it was made; its number comes from the table, in the same transaction. */
export type Made = Omit<Command, "n">;

export interface OutboxRow {
  n: number;
  id: string;
  /** "" where the command is about no visit: IndexedDB has no index over null. */
  visit: string;
  made: Made;
  /** SHA-256 of the files that it names. */
  files: string[];
  bytes: number;
  /** Refused by the server as a whole, by this build: not sent again before the app is another. */
  stuck: { code: string; words: string; app: string } | null;
}

export interface ShelfRow extends OutboxRow {
  answer: Answer;
  /** By the phone's clock, ms; and under which epoch. */
  answeredAt: number;
  epoch: string;
  /** 0: answered, but the documents that show it have not all come yet. */
  settled: 0 | 1;
}

/** Of the user's own files. The bytes lie in a table of their own, not to be read with the list. */
export interface FileRow {
  sha256: string;
  size: number;
  name: string;
  type: string;
  /** Parts that the server has. */
  held: number[];
  state: "waiting" | "sent" | "refused";
  words: string;
  at: number;
}

export interface DocRow {
  id: string;
  rev: string;
  doc: Doc;
}

export interface ThumbRow {
  url: string;
  type: string;
  bytes: ArrayBuffer;
}

interface MetaRow {
  key: string;
  value: unknown;
}

export interface DraftRow {
  key: string;
  value: unknown;
  at: number;
}

export type PositionRow = Position & { k?: number };

/** Where the tests put an IndexedDB of their own. */
export interface Databases {
  indexedDB: IDBFactory;
  IDBKeyRange: typeof IDBKeyRange;
}

export class Store extends Dexie {
  outbox!: Table<OutboxRow, number, Omit<OutboxRow, "n">>;
  shelf!: Table<ShelfRow, string>;
  files!: Table<FileRow, string>;
  bytes!: Table<{ sha256: string; bytes: ArrayBuffer }, string>;
  docs!: Table<DocRow, string>;
  thumbs!: Table<ThumbRow, string>;
  meta!: Table<MetaRow, string>;
  drafts!: Table<DraftRow, string>;
  positions!: Table<PositionRow, number>;

  constructor(user: string, databases?: Databases) {
    // Strict: a transaction is complete when the disk has it, not when the system has promised to.
    // Dexie closes an old tab's connection when a new version wants to upgrade: nobody waits.
    super(`callout-${user}`, { ...databases, chromeTransactionDurability: "strict" });
    this.version(1).stores({
      outbox: "++n, &id, visit",
      shelf: "id, visit, settled, answeredAt",
      files: "sha256, state",
      bytes: "sha256",
      docs: "id, [id+rev]",
      thumbs: "url",
      meta: "key",
      drafts: "key",
      positions: "++k",
    });
  }

  async read<T>(key: string): Promise<T | undefined> {
    return (await this.meta.get(key))?.value as T | undefined;
  }

  async write(key: string, value: unknown): Promise<void> {
    await this.meta.put({ key, value });
  }
}

/** Whose phone it is, as the server said at sign-in. */
export interface SignedIn {
  user: { id: string; name: string; language: string };
  device: string;
}
