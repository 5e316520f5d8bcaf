/** One request to `POST /technician/sync` and what its answer does to the store. */

import type { Phone } from "./phone.ts";
import { type Measured, measure } from "./skew.ts";
import type { OutboxRow, PositionRow, ShelfRow, Store } from "./store.ts";
import { type Transport, ask } from "./transport.ts";
import { isFull, PhoneError } from "./errors.ts";
import type { Answer, Command, SyncAnswer, SyncRequest } from "./types.ts";
import { unsentOf } from "./unsent.ts";

export const BATCH = { commands: 50, bytes: 256_000 };
/** Answered commands and their files stay so long: a server restored from a backup asks for them. */
export const SHELF_MS = 14 * 86_400_000;

export interface Exchanged {
  /** Whether there is more to do, sent or fetched; never after an answer that answered nothing. */
  more: boolean;
}

interface Going {
  request: SyncRequest;
  rows: OutboxRow[];
  positions: PositionRow[];
}

/** Sends at most `limit` commands; throws as `ask` does, with nothing changed. */
export async function exchange(
  phone: Phone,
  transport: Transport,
  limit: number,
): Promise<Exchanged> {
  const { now } = phone.circumstances;
  const going = await pack(phone, limit);
  const asked = now();
  const answer = await ask<SyncAnswer>(transport, {
    method: "POST",
    path: "/technician/sync",
    body: JSON.stringify({ ...going.request, now: new Date(asked).toISOString() }),
  });
  check(answer);
  const measured = measure(asked, now(), answer.now);
  try {
    await settle(phone, going, answer, measured);
  } catch (error) {
    if (!isFull(error)) throw error;
    // No room for what is new: what was answered goes all the same, which makes some.
    await phone.store.thumbs.clear();
    await settle(phone, going, { ...answer, docs: [], more: false }, measured);
  }
  phone.changed();
  const left = await phone.store.outbox.toArray();
  const more = answer.more || left.some((row) => mayGo(row, phone));
  const moved = going.rows.length === 0 || answer.answers.length > 0;
  return { more: more && moved };
}

/** The next commands, by the outbox's own counter: the only order that does not lie. */
export async function pack(phone: Phone, limit: number): Promise<Going> {
  const { store, circumstances } = phone;
  const tables = [store.outbox, store.files, store.docs, store.positions, store.meta];
  return store.transaction("r", tables, async () => {
    const all = await store.outbox.orderBy("n").toArray();
    const rows = fitting(
      all.filter((row) => mayGo(row, phone)),
      limit,
    );
    const going = new Set(rows.map(({ n }) => n));
    const files = await store.files.where("state").equals("waiting").toArray();
    const positions = await store.positions.toArray();
    const known = (await store.docs.orderBy("[id+rev]").keys()) as unknown as [string, string][];
    const request: SyncRequest = {
      callout: 1,
      now: "",
      app: circumstances.app,
      epoch: (await store.read<string>("epoch")) ?? null,
      known: Object.fromEntries(known),
      commands: rows.map(commandOf),
      positions: positions.map(({ k: _k, ...position }) => position),
      unsent: unsentOf(
        all.filter(({ n }) => !going.has(n)),
        files,
      ),
    };
    return { request, rows, positions };
  });
}

export function commandOf({ n, made }: OutboxRow): Command {
  return { ...made, n };
}

function mayGo(row: OutboxRow, phone: Phone): boolean {
  return row.stuck === null || row.stuck.app !== phone.circumstances.app;
}

/** As many from the front as fit into one request, at least one. */
function fitting(rows: OutboxRow[], limit: number): OutboxRow[] {
  let bytes = 0;
  const fits = (row: OutboxRow, i: number) => {
    bytes += row.bytes;
    return i === 0 || (i < limit && bytes <= BATCH.bytes);
  };
  const end = rows.findIndex((row, i) => !fits(row, i));
  return limit === 0 ? [] : rows.slice(0, end < 0 ? rows.length : end);
}

function check(answer: SyncAnswer): void {
  const { epoch, answers, docs, gone } = answer;
  const lists = [answers, docs, gone].every(Array.isArray);
  if (typeof epoch === "string" && epoch && lists) return;
  throw new PhoneError("no_connection", "An answer without its parts.");
}

/** Answers, documents, removals and epoch, in one transaction: all of it or nothing. */
async function settle(
  phone: Phone,
  going: Going,
  answer: SyncAnswer,
  measured: Measured | null,
): Promise<void> {
  const { store, circumstances } = phone;
  const now = circumstances.now();
  await store.transaction("rw", store.tables, async () => {
    await comeBack(store, answer.epoch);
    await shelve(store, going.rows, answer.answers, { epoch: answer.epoch, now });
    await store.docs.bulkPut(answer.docs.map((doc) => ({ id: doc.id, rev: doc.rev, doc })));
    await store.docs.bulkDelete(answer.gone);
    if (!answer.more) await store.shelf.where("settled").equals(0).modify({ settled: 1 });
    await store.positions.bulkDelete(going.positions.flatMap(({ k }) => (k ? [k] : [])));
    await store.write("epoch", answer.epoch);
    await store.write("lastContact", now);
    if (measured) await store.write("skew", measured);
    await tidy(store, now);
  });
}

/** Another epoch: the server may have lost what it answered. Ids make sending it again harmless. */
async function comeBack(store: Store, epoch: string): Promise<void> {
  const lost = await store.shelf.filter((row) => row.epoch !== epoch).toArray();
  if (lost.length === 0) return;
  for (const { answer: _a, answeredAt: _at, epoch: _e, settled: _s, ...row } of lost) {
    await store.outbox.put(row);
  }
  await store.shelf.bulkDelete(lost.map(({ id }) => id));
  const files = [...new Set(lost.flatMap((row) => row.files))];
  await store.files.where("sha256").anyOf(files).modify({ held: [], state: "waiting" });
}

/** Answered commands leave the outbox for the shelf; those without an answer stay. */
export async function shelve(
  store: Store,
  sent: readonly OutboxRow[],
  answers: readonly Answer[],
  { epoch, now }: { epoch: string; now: number },
): Promise<void> {
  const told = new Map(answers.map((answer) => [answer.id, answer]));
  for (const row of sent) {
    const answer = told.get(row.id);
    if (!answer) continue;
    const shelved: ShelfRow = { ...row, stuck: null, answer, answeredAt: now, epoch, settled: 0 };
    await store.outbox.delete(row.n);
    await store.shelf.put(shelved);
  }
}

/** What has been on the shelf for long enough goes, with files that nothing names any more. */
async function tidy(store: Store, now: number): Promise<void> {
  const old = await store.shelf
    .where("answeredAt")
    .below(now - SHELF_MS)
    .primaryKeys();
  if (old.length === 0) return;
  await store.shelf.bulkDelete(old);
  const rows = [...(await store.outbox.toArray()), ...(await store.shelf.toArray())];
  const named = new Set(rows.flatMap(({ files }) => files));
  const done = await store.files.filter((one) => one.state !== "waiting").primaryKeys();
  const gone = done.filter((sha256) => !named.has(sha256));
  await store.files.bulkDelete(gone);
  await store.bytes.bulkDelete(gone);
}
