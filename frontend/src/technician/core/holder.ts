/** Whose phone this browser is: a tiny database beside those of the users. */

import Dexie, { type Table } from "dexie";
import type { Databases, SignedIn } from "./store.ts";

/** Row 1 is who is signed in; row 2 is there while a sign-out has not reached the server. */
export interface HolderRow {
  k: 1 | 2;
  who?: SignedIn;
}

class Holder extends Dexie {
  rows!: Table<HolderRow, number>;

  constructor(databases?: Databases) {
    super("callout-phone", { ...databases, chromeTransactionDurability: "strict" });
    this.version(1).stores({ rows: "k" });
  }
}

export async function withHolder<T>(
  databases: Databases | undefined,
  work: (rows: Table<HolderRow, number>) => Promise<T>,
): Promise<T> {
  const holder = new Holder(databases);
  try {
    return await work(holder.rows);
  } finally {
    holder.close();
  }
}

/** Who is signed in on this browser, signal or not; null where nobody is. */
export async function holderOf(databases?: Databases): Promise<SignedIn | null> {
  return (await withHolder(databases, (rows) => rows.get(1)))?.who ?? null;
}
