/** Who signs in on this browser, and who leaves it. */

import Dexie from "dexie";
import { holderOf, withHolder } from "./holder.ts";
import { type Circumstances, Phone } from "./phone.ts";
import type { Databases, SignedIn } from "./store.ts";
import { type Transport, ask } from "./transport.ts";
import type { Unsent } from "./unsent.ts";

/** The phone of who is signed in on it, signal or not; null where nobody is. */
export async function phoneNow(circumstances: Circumstances): Promise<Phone | null> {
  const who = await holderOf(circumstances.databases);
  return who ? Phone.open(who, circumstances) : null;
}

/** Makes this browser a phone of the office session's user. Throws PhoneError("no_connection"), or
 * Refused where nobody is signed in or they are no technician. Another user's unsent work stays in
 * a database of its own until they sign in again. */
export async function signIn(transport: Transport, circumstances: Circumstances): Promise<Phone> {
  const body = JSON.stringify({ callout: 1 });
  const path = "/technician/device";
  const { user, device } = await ask<{ callout: 1 } & SignedIn>(transport, {
    method: "POST",
    path,
    body,
  });
  const who = { user, device };
  await withHolder(circumstances.databases, (rows) => rows.bulkPut([{ k: 1, who }]));
  await withHolder(circumstances.databases, (rows) => rows.delete(2));
  return Phone.open(who, circumstances);
}

/** Ends the phone and wipes what it holds. With something unsent and `anyway` false it does
 * nothing and says what there is. Without a signal the server is told at the next start. */
export async function signOut(
  phone: Phone,
  transport: Transport,
  anyway = false,
): Promise<Unsent | null> {
  const unsent = await phone.unsent();
  if (!anyway && (unsent.commands || unsent.files)) return unsent;
  const { databases } = phone.circumstances;
  await withHolder(databases, async (rows) => {
    await rows.put({ k: 2 });
    await rows.delete(1);
  });
  await phone.wipe();
  await signOutOwed(transport, databases);
  return null;
}

/** Tells the server of a sign-out that it does not know of yet; at every start. */
export async function signOutOwed(transport: Transport, databases?: Databases): Promise<void> {
  if (!(await withHolder(databases, (rows) => rows.get(2)))) return;
  try {
    const body = JSON.stringify({ callout: 1 });
    await transport({ method: "POST", path: "/technician/sign-out", body });
  } catch {
    return; // no signal: it stays owed
  }
  await withHolder(databases, (rows) => rows.delete(2));
}

/** Everything of everybody: the phone is lost. */
export async function wipeAll(databases?: Databases): Promise<void> {
  const names = await namesOf(databases);
  const ours = names.filter((name) => name.startsWith("callout-"));
  await Promise.all(ours.map((name) => new Dexie(name, databases).delete()));
}

async function namesOf(databases?: Databases): Promise<string[]> {
  if (!databases) return Dexie.getDatabaseNames();
  return (await databases.indexedDB.databases()).flatMap(({ name }) => (name ? [name] : []));
}
