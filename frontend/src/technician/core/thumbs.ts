/** Small pictures of photos, kept for when there is no signal; those of visits that went go too. */

import type { Phone } from "./phone.ts";
import type { VisitDoc } from "./types.ts";

/** The bytes behind an address of ours; null where there are none now. */
export type Load = (url: string) => Promise<{ type: string; bytes: ArrayBuffer } | null>;

export const loadByFetch: Load = async (url) => {
  try {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "error" });
    const type = answer.headers.get("Content-Type") ?? "";
    if (!answer.ok || !type.startsWith("image/")) return null;
    return { type, bytes: await answer.arrayBuffer() };
  } catch {
    return null; // no signal: another time
  }
};

/** Loads what is missing, and forgets what no visit shows any more. */
export async function thumbsFetch(phone: Phone, load: Load): Promise<void> {
  const { docs, thumbs } = phone.store;
  const rows = await docs.where("id").startsWith("visit:").toArray();
  const visits = rows.map(({ doc }) => doc.body as VisitDoc);
  const wanted = new Set(visits.flatMap(({ files }) => files.flatMap(({ thumb }) => thumb || [])));
  const kept = new Set(await thumbs.toCollection().primaryKeys());
  await thumbs.bulkDelete([...kept].filter((url) => !wanted.has(url)));
  for (const url of wanted) {
    const loaded = kept.has(url) ? null : await load(url);
    if (!loaded) continue;
    await thumbs.put({ url, ...loaded });
    phone.changed();
  }
}
