/** Sends own files in parts, small ones first. A part that arrived is never sent again. */

import { PhoneError } from "./errors.ts";
import type { Phone } from "./phone.ts";
import type { FileRow } from "./store.ts";
import { Refused, type Transport, ask } from "./transport.ts";

export const PART = 262_144;

interface Held {
  callout: 1;
  size: number;
  held: number[];
  state: "receiving" | "whole" | "kept" | "refused";
  words?: string;
}

/** So many files side by side: the way to the server is long, and each part waits for its answer. */
const AT_ONCE = 3;
/** How far a file is, is shown so often: each time is a write to the disk, which the parts wait for. */
const SHOWN_MS = 1000;

/** Sends what waits until it is all there, or `stop` says that something more urgent came. */
export async function sendFiles(
  phone: Phone,
  transport: Transport,
  stop: () => boolean,
): Promise<void> {
  for (;;) {
    const waiting = await phone.store.files.where("state").equals("waiting").sortBy("size");
    if (waiting.length === 0 || stop()) return;
    const going = waiting.slice(0, AT_ONCE).map((file) => send(phone, transport, file, stop));
    const ended = await Promise.allSettled(going);
    const failed = ended.find(({ status }) => status === "rejected");
    if (failed) throw (failed as PromiseRejectedResult).reason;
  }
}

/** One file, until it is there or stopped. */
async function send(
  phone: Phone,
  transport: Transport,
  file: FileRow,
  stop: () => boolean,
): Promise<void> {
  const kept = await phone.store.bytes.get(file.sha256);
  if (!kept) {
    await mark(phone, file, { state: "refused", words: "" });
    return;
  }
  const path = `/technician/files/${file.sha256}`;
  const headers = { "X-Size": String(file.size) };
  const { now } = phone.circumstances;
  let shown = now();
  try {
    let told = await ask<Held>(transport, { method: "GET", path, headers });
    for (let part = 0; part * PART < file.size; part++) {
      if (isOver(told)) break;
      if (told.held.includes(part)) continue;
      if (stop()) return;
      const body = kept.bytes.slice(part * PART, (part + 1) * PART);
      told = await ask<Held>(transport, { method: "PUT", path: `${path}/${part}`, body, headers });
      if (now() - shown < SHOWN_MS) continue;
      shown = now();
      await mark(phone, file, { held: told.held });
    }
    await mark(phone, file, outcome(told));
  } catch (error) {
    // Refused for what it is, not for who asks or when: it would be refused again.
    if (!(error instanceof Refused) || ![400, 413, 415, 422].includes(error.status)) throw error;
    await mark(phone, file, { state: "refused", words: error.message });
  }
}

function isOver({ state }: Held): boolean {
  return state !== "receiving";
}

function outcome(told: Held): Partial<FileRow> {
  if (told.state === "refused") return { state: "refused", words: told.words ?? "" };
  if (isOver(told)) return { state: "sent", held: told.held };
  throw new PhoneError("no_connection", "All parts were sent, and the server has not all of them.");
}

async function mark(phone: Phone, file: FileRow, change: Partial<FileRow>): Promise<void> {
  await phone.store.files.update(file.sha256, change);
  phone.changed();
}
