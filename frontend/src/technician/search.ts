/** Looking for one's own work in what lies on the phone. */

import type { Shown } from "./shown.ts";

function plain(words: string): string {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function wordsOf(visit: Shown): string {
  const { order, customer, site, assets, calls } = visit;
  return plain(
    [
      order.number,
      order.title,
      order.text,
      order.type.name,
      customer.name,
      site.name,
      site.address,
      ...assets.map((one) => `${one.name} ${one.detail}`),
      ...calls.map((one) => `${one.name} ${one.number}`),
    ].join(" "),
  );
}

/** The visits that have every word asked for, whatever its case and accents. */
export function found(visits: Shown[], asked: string): Shown[] {
  const words = plain(asked).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return visits.filter((visit) => {
    const all = wordsOf(visit);
    return words.every((word) => all.includes(word));
  });
}
