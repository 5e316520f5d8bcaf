/** What waits on the phone to be sent, as the screens and the server are told. */

import type { FileRow, OutboxRow } from "./store.ts";

export interface Unsent {
  commands: number;
  files: number;
  bytes: number;
  /** When the oldest of them was entered, by the phone's clock. */
  since: string | null;
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
