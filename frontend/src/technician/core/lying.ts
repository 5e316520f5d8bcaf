/** All that lies on the phone, as the screens show it: a tap is waited for by a thumb, so what was
 * read of the store is kept, and read again only when something else than a tap here has written. */

import { type Entry, entryOf, isLaid } from "./entries.ts";
import { overlay } from "./overlay.ts";
import type { Measured } from "./skew.ts";
import type { DocRow, FileRow, Made, OutboxRow, ShelfRow, Store } from "./store.ts";
import type { Me, VisitDoc } from "./types.ts";

type Entered = OutboxRow | ShelfRow;

/** As it stood at one moment. */
interface Read {
  docs: DocRow[];
  /** What was entered, sent or not, in its order. */
  rows: Entered[];
  files: FileRow[];
  /** Addresses of others' small pictures that are kept. */
  thumbs: ReadonlySet<string>;
  /** When the server last answered, by the phone's clock, ms; null: never. */
  lastContact: number | null;
  skew: Measured | undefined;
}

export interface Lying extends Read {
  /** What the server says of this user; null before the first contact. */
  me: Me | null;
  /** By their planned start, own entries laid over them. */
  visits: VisitDoc[];
  /** Everything entered here in the last 14 days, with what became of it. */
  entries: Entry[];
}

export class Memory {
  private held: Lying | null = null;
  private reading: Promise<Lying> | null = null;

  constructor(private readonly store: Store) {}

  async read(): Promise<Lying> {
    if (this.held) return this.held;
    this.reading ??= this.fromStore();
    const { reading } = this;
    try {
      const lying = await reading;
      // Else something was written while it was read.
      if (this.reading === reading) this.held = lying;
      return lying;
    } catch (error) {
      // The next one may find the store as it should be: this answer is nobody's but theirs.
      if (this.reading === reading) this.forget();
      throw error;
    }
  }

  /** Something was written: what was read, or is being read, may not be what lies there now. */
  forget(): void {
    this.held = null;
    this.reading = null;
  }

  /** Adds what a tap has written, once the disk has it. */
  add(row: OutboxRow, files: FileRow[]): void {
    const { held } = this;
    this.forget();
    if (!held) return;
    this.held = lyingOf({
      ...held,
      rows: [...held.rows, row],
      files: [...held.files, ...files],
    });
  }

  private fromStore(): Promise<Lying> {
    const { store } = this;
    const tables = [store.docs, store.outbox, store.shelf, store.files, store.thumbs, store.meta];
    return store.transaction("r", tables, async () => {
      const [docs, shelf, outbox, files, thumbs, lastContact, skew] = await Promise.all([
        store.docs.toArray(),
        store.shelf.toArray(),
        store.outbox.toArray(),
        store.files.toArray(),
        store.thumbs.toCollection().primaryKeys(),
        store.read<number>("lastContact"),
        store.read<Measured>("skew"),
      ]);
      return lyingOf({
        docs,
        rows: [...shelf, ...outbox].sort((a, b) => a.n - b.n),
        files,
        thumbs: new Set(thumbs),
        lastContact: lastContact ?? null,
        skew,
      });
    });
  }
}

function lyingOf(read: Read): Lying {
  const { docs, rows, files } = read;
  const me = meOf(docs);
  const known = new Map(files.map((one) => [one.sha256, one]));
  return {
    ...read,
    me,
    visits: me ? byStart(laidOver(docs, me, rows)) : [],
    entries: rows.map((row) => entryOf(row, me, known)),
  };
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
