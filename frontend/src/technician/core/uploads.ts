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

/** Sends what waits until it is all there, or `stop` says that something more urgent came. */
export async function sendFiles(
  phone: Phone,
  transport: Transport,
  stop: () => boolean,
): Promise<void> {
  for (;;) {
    const waiting = await phone.store.files.where("state").equals("waiting").sortBy("size");
    const next = waiting[0];
    if (!next || stop()) return;
    if (!(await send(phone, transport, next, stop))) return;
  }
}

/** One file; false where it was stopped. */
async function send(
  phone: Phone,
  transport: Transport,
  file: FileRow,
  stop: () => boolean,
): Promise<boolean> {
  const kept = await phone.store.bytes.get(file.sha256);
  if (!kept) {
    await mark(phone, file, { state: "refused", words: "" });
    return true;
  }
  const path = `/technician/files/${file.sha256}`;
  const headers = { "X-Size": String(file.size) };
  try {
    let told = await ask<Held>(transport, { method: "GET", path, headers });
    for (let part = 0; part * PART < file.size; part++) {
      if (isOver(told)) break;
      if (told.held.includes(part)) continue;
      if (stop()) return false;
      const body = kept.bytes.slice(part * PART, (part + 1) * PART);
      told = await ask<Held>(transport, { method: "PUT", path: `${path}/${part}`, body, headers });
      await mark(phone, file, { held: told.held });
    }
    await mark(phone, file, outcome(told));
  } catch (error) {
    // Refused for what it is, not for who asks or when: it would be refused again.
    if (!(error instanceof Refused) || ![400, 413, 415, 422].includes(error.status)) throw error;
    await mark(phone, file, { state: "refused", words: error.message });
  }
  return true;
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
