/** The exact bytes that a customer read and signed: made once, sent as a string, kept as it is. */

import { sha256 } from "./files.ts";
import { minutesOf } from "./times.ts";
import type { VisitDoc } from "./types.ts";

/** What is compared field by field when it is asked whether something changed after signing. */
export interface Facts {
  work: [start: string, end: string | null, kind: string][];
  minutes: number;
  parts: VisitDoc["parts"];
  checklist: { id: string; text: string; value: boolean | string | null }[];
  report: string;
  result: string;
}

export interface Seal {
  v: 1;
  visit: string;
  order_number: string;
  title: string;
  company: string;
  customer: string;
  site: string;
  name: string;
  signed_at: string;
  language: string;
  /** Label and text of each line, as shown. */
  texts: [label: string, text: string][];
  facts: Facts;
  /** SHA-256 of the photos as sent. */
  photos: string[];
  signature_sha256: string;
}

/** What the summary showed, besides the visit itself. */
export interface Shown {
  company: string;
  language: string;
  texts: Seal["texts"];
  /** Of who signs. */
  name: string;
  signed_at: string;
  /** PNG, base64, as it goes into the command. */
  image: string;
}

export function factsOf(visit: VisitDoc, now: number): Facts {
  return {
    work: visit.times.map(({ start, end, kind }) => [start, end, kind]),
    minutes: minutesOf(visit.times, "work", now),
    parts: visit.parts.map(({ id, text, quantity, unit }) => ({ id, text, quantity, unit })),
    checklist: visit.checklist.map(({ id, text, answer }) => ({ id, text, value: answer })),
    report: visit.report.text,
    result: visit.outcome || visit.status,
  };
}

/** The string for the body of `sign`, and the ten characters by which people name it. */
export async function seal(visit: VisitDoc, shown: Shown): Promise<{ seal: string; mark: string }> {
  const { company, language, texts, name, signed_at, image } = shown;
  const png = Uint8Array.from(atob(image), (letter) => letter.charCodeAt(0));
  const made: Seal = {
    v: 1,
    visit: visit.id,
    order_number: visit.order.number,
    title: visit.order.title,
    company,
    customer: visit.customer.name,
    site: visit.site.name,
    name,
    signed_at,
    language,
    texts,
    facts: factsOf(visit, Date.parse(signed_at)),
    photos: photosOf(visit).map((one) => one.sha256),
    signature_sha256: await sha256(png.buffer),
  };
  const text = JSON.stringify(made);
  return { seal: text, mark: (await sha256(text)).slice(0, 10) };
}

/** The photos that were taken on this visit, by whomever; other files of the order are not signed. */
export function photosOf(visit: VisitDoc): VisitDoc["files"] {
  return visit.files.filter(({ photo, tag, sha256 }) => photo && tag && sha256);
}
