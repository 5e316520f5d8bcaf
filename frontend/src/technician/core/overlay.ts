/** The technician's own entries that the server's document does not show yet, laid over it.
 *
 * Each adds something of its own or sets one field, as on the server: no order but theirs matters.
 */

import { AT_FIRST, type Standing, fold, step } from "./fold.ts";
import type { Made } from "./store.ts";
import { spans, stepsOf } from "./times.ts";
import type { Lifecycle, Me, TimelineDoc, VisitDoc } from "./types.ts";

type Body = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The document with `own` entries over it, in their order; the document itself is left alone. */
export function overlay(doc: VisitDoc, me: Me, own: readonly Made[]): VisitDoc {
  if (own.length === 0) return doc;
  const shown = structuredClone(doc);
  for (const made of own) {
    const put = PUTS[made.action];
    if (put) put(shown, made.body, made, me);
    else tread(shown, made, me);
  }
  if (own.some(({ action }) => action in TIMES || isStep(me.lifecycle, action))) derive(shown, me);
  return shown;
}

function isStep(table: Lifecycle, code: string): boolean {
  return table.actions.some((one) => one.code === code);
}

const TIMES = { undo: true, correct: true };

/** Written as if it happened when it was tapped: the server settles the true time. */
function timeOf(made: Made): string {
  return new Date(Date.parse(made.at) + (made.skew?.ms ?? 0)).toISOString();
}

function standing(doc: VisitDoc): Standing {
  const { status, before_break, is_open, outcome } = doc;
  return { status, before_break, is_open, outcome };
}

function tread(doc: VisitDoc, made: Made, me: Me): void {
  const before = standing(doc);
  const after = step(me.lifecycle, before, made.action);
  if (after === before) return;
  const action = me.lifecycle.actions.find(({ code }) => code === made.action);
  Object.assign(doc, after);
  if (made.action === "extend") extend(doc, Number(made.body.minutes), Date.parse(timeOf(made)));
  doc.timeline.push({
    id: "",
    command: made.id,
    action: made.action,
    label: action?.label ?? made.action,
    status: after.status,
    at: timeOf(made),
    first_at: null,
    minutes: made.action === "extend" ? Number(made.body.minutes) || null : null,
    who: me.user.name,
    own: true,
    uncertain: false,
  });
}

/** As the server counts: from what was expected, or from now where that is over already. */
export function expectedEnd(slot: VisitDoc["slot"], minutes: number, at: number): number {
  return Math.max(Date.parse(slot.expected_end ?? slot.end), at) + minutes * 60_000;
}

/** The slot stays, as was planned and told. */
function extend(doc: VisitDoc, minutes: number, at: number): void {
  if (!Number.isFinite(minutes)) return;
  doc.slot.expected_end = new Date(expectedEnd(doc.slot, minutes, at)).toISOString();
}

/** Takes the entry out; where the visit stands then is told by the steps that are left. */
function undo(doc: VisitDoc, body: Body, _made: Made, me: Me): void {
  const gone = doc.timeline.findIndex(({ command }) => command !== "" && command === body.of);
  if (gone < 0) return;
  doc.timeline.splice(gone, 1);
  const left = stepsOf(me.lifecycle, doc.timeline).map(({ action }) => action);
  Object.assign(doc, fold(me.lifecycle, AT_FIRST, left));
}

function correct(doc: VisitDoc, body: Body): void {
  const meant = (one: TimelineDoc) =>
    (body.entry && one.id === body.entry) || (body.of && one.command === body.of);
  const entry = doc.timeline.find(meant);
  if (!entry) return;
  entry.first_at ??= entry.at;
  entry.at = text(body.at);
}

function derive(doc: VisitDoc, me: Me): void {
  const labels = new Map(doc.times.map(({ kind, label }) => [kind, label]));
  const derived = spans(me.lifecycle, doc.timeline).map((span) => ({
    ...span,
    label: labels.get(span.kind) ?? "",
    derived: true,
    note: "",
  }));
  doc.times = [...doc.times.filter((one) => !one.derived), ...derived];
  doc.times.sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

/** In its place if it is there, else at the end. */
function set<T extends { id: string }>(list: T[], one: T): void {
  const at = list.findIndex(({ id }) => id === one.id);
  if (at < 0) list.push(one);
  else list[at] = one;
}

type Put = (doc: VisitDoc, body: Body, made: Made, me: Me) => void;

const PUTS: Record<string, Put> = {
  undo,
  correct,
  see: (doc) => {
    doc.seen = true;
  },
  note: (doc, body, made, me) => {
    // The newest is the first one, as the server has them.
    const rest = doc.notes.filter(({ id }) => id !== body.id);
    const who = me.user.name;
    const own = { id: text(body.id), text: text(body.text), who, at: timeOf(made), own: true };
    doc.notes = [own, ...rest];
  },
  photo: (doc, body) =>
    set(doc.files, {
      id: text(body.id),
      name: text(body.name),
      photo: text(body.type).startsWith("image/"),
      own: true,
      sha256: text(body.file),
      tag: text(body.tag),
      item: text(body.item),
      url: "",
      thumb: "",
      words: "",
    }),
  photo_remove: (doc, body) => {
    doc.files = doc.files.filter(({ id }) => id !== body.id);
  },
  answer: (doc, body) => {
    const item = doc.checklist.find(({ id }) => id === body.item);
    if (item) item.answer = body.value as boolean | string | null;
  },
  part: (doc, body) =>
    set(doc.parts, {
      id: text(body.id),
      text: text(body.text),
      quantity: String(body.quantity ?? ""),
      unit: text(body.unit),
    }),
  part_remove: (doc, body) => {
    doc.parts = doc.parts.filter(({ id }) => id !== body.id);
  },
  report: (doc, body) => {
    doc.report.text = text(body.text);
  },
  hours: (doc, body) => {
    doc.times.push({
      kind: text(body.kind),
      label: "",
      start: text(body.start),
      end: body.end ? text(body.end) : null,
      derived: false,
      note: text(body.note),
    });
  },
  sign: (doc, body, made) => {
    doc.signature = { name: text(body.name), at: timeOf(made), mark: "", changed: [] };
  },
  cannot_sign: (doc, body) => {
    doc.report.unsigned_because = text(body.why);
  },
  // Neither changes the visit itself.
  found: () => undefined,
  notice_seen: () => undefined,
};
