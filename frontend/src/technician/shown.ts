/** What the screens read: a visit's document with this phone's own entries laid over it. */

import { text } from "../shared/texts.ts";
import { actionsOf as openOf } from "./core/fold.ts";
import type { Entry } from "./core/entries.ts";
import type { LifecycleAction, Mark, Me, TimelineDoc, VisitDoc } from "./core/types.ts";
import { length } from "./when.ts";

/** Of these nobody asks how far they are. */
const SILENT = ["see", "notice_seen"];

export type Step = TimelineDoc & { mark: Mark };

export interface Shown extends Omit<VisitDoc, "timeline"> {
  timeline: Step[];
  /** How far each own thing is, by its id: note, part, photo, checklist item. */
  marks: Record<string, Mark>;
  /** The least far of all of the visit's entries; null: nothing was ever done here. */
  mark: Mark | null;
}

/** What the server's table opens to the responsible technician now; a helper has no status. */
export function actionsOf(me: Me, visit: Shown): LifecycleAction[] {
  if (visit.helper) return [];
  const { open } = openOf(me.lifecycle, visit);
  return me.lifecycle.actions.filter(({ code }) => open.includes(code));
}

/** The one big button. */
export function bigOf(me: Me, visit: Shown): LifecycleAction | undefined {
  const { big } = openOf(me.lifecycle, visit);
  return actionsOf(me, visit).find(({ code }) => code === big);
}

/** The status that an action leads to, "" where that depends. */
export function leadsTo(action: LifecycleAction): string {
  return ["same", "next", "before_break", "before", "none"].includes(action.to) ? "" : action.to;
}

/** The own last step, while it may be taken back. A closing of the visit and a step alike. */
export function undoOf(me: Me, visit: Shown, now: number): Step | undefined {
  const last = visit.timeline.at(-1);
  if (!last?.own || !last.command || last.mark === "needs_look") return undefined;
  // What the customer has signed since stays.
  if (visit.signature && visit.signature.at >= last.at) return undefined;
  if (last.action === "undo" || last.action === "correct") return undefined;
  const age = now - Date.parse(last.at);
  return age < me.lifecycle.undo_minutes * 60_000 ? last : undefined;
}

/** A step in words once it is done: the button's own word says what to do. */
export function happened({ action, minutes }: { action: string; minutes?: unknown }): string {
  const words = text(`phone.happened.${action}`);
  // A document of before this was told has none.
  if (typeof minutes !== "number" || !minutes) return words;
  return text("phone.step.longer", { action: words, time: length(minutes) });
}

/** What somebody entered, in words; a step as it happened. */
export function entryWords(
  me: Me | null,
  { action, body }: Pick<Entry, "action" | "body">,
): string {
  const isStep = me?.lifecycle.actions.some(({ code }) => code === action) && action !== "undo";
  return isStep ? happened({ action, minutes: body.minutes }) : text(`phone.entry.${action}`);
}

/** Whether the small pictures of all their files are among those that are kept. */
export function hasPictures(visits: readonly VisitDoc[], kept: ReadonlySet<string>): boolean {
  return visits.every(({ files }) => files.every(({ thumb }) => !thumb || kept.has(thumb)));
}

/** What was refused and has been done since, or told of a step that was refused itself. */
function isMadeGood(entry: Entry, entries: Entry[]): boolean {
  const about = ({ body }: Entry) => body.id ?? body.item ?? body.of;
  const isSince = (one: Entry) =>
    one.visit === entry.visit &&
    one.action === entry.action &&
    about(one) === about(entry) &&
    one.n > entry.n;
  const isOf = (one: Entry) => one.id === entry.body.of;
  return (
    entry.refused && entries.some((one) => (one.mark === "needs_look" ? isOf(one) : isSince(one)))
  );
}

/** The entries that the office looks at, or that were refused; those of one visit with one decision
 * together. */
export function lookedAt(entries: Entry[]): Entry[][] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (entry.mark !== "needs_look" || SILENT.includes(entry.action)) continue;
    if (isMadeGood(entry, entries)) continue;
    const key = `${entry.visit} ${entry.refused} ${entry.decided} ${entry.decided_note}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()].toReversed();
}

/** Another visit on which this technician is under way: it has to end or pause first. */
export function elsewhere(me: Me, visits: Shown[], visit: Shown): Shown | undefined {
  return visits.find(
    (one) =>
      one.id !== visit.id &&
      one.is_open &&
      !one.helper &&
      me.lifecycle.under_way.includes(one.status),
  );
}

/** What can have become of it: nobody has finished where they have not yet been. */
export function becomeOf(other: Pick<Shown, "status">): string[] {
  return [other.status === "en_route" ? "turn_back" : "complete", "break"];
}

/** Whether an action makes one under way (a break ends where it began). */
export function makesUnderWay(me: Me, visit: Shown, action: LifecycleAction): boolean {
  const to = action.to === "before_break" ? visit.before_break : action.to;
  return me.lifecycle.under_way.includes(to);
}

export interface Missing {
  id: string;
  text: string;
}

/** Required items of the checklist that are not done, a tick that says no too: they hold back
 * Complete. */
export function missingOf(visit: Shown): Missing[] {
  return visit.checklist
    .filter((item) => item.required && (!isAnswered(visit, item.id) || item.answer === false))
    .map(({ id, text }) => ({ id, text }));
}

export function isAnswered(visit: Shown, id: string): boolean {
  const item = visit.checklist.find((one) => one.id === id);
  if (!item) return false;
  if (item.kind === "photo") return visit.files.some((file) => file.item === id);
  return item.answer !== null && item.answer !== "";
}

export function answeredCount(visit: Shown): number {
  return visit.checklist.filter((item) => isAnswered(visit, item.id)).length;
}

/** Who is likely to sign: somebody to talk to. A company itself signs nothing. */
export function signerOf(visit: Pick<Shown, "calls" | "customer">): string {
  // Who called and left no name is called by that: the name says no more than the detail.
  const people = visit.calls.filter(({ name, detail }) => name !== detail);
  return people.find(({ name }) => name !== visit.customer.name)?.name ?? "";
}

/** Whether a number lies outside of what is allowed: it is not taken, as by the server. */
export function isOutOfRange(
  item: { low: string | null; high: string | null },
  value: string,
): boolean {
  const number = Number(value.replace(",", "."));
  if (value.trim() === "" || Number.isNaN(number)) return false;
  if (item.low !== null && number < Number(item.low)) return true;
  return item.high !== null && number > Number(item.high);
}

const FAR: Mark[] = ["needs_look", "on_phone", "received", "applied"];

/** A document as the phone lays it, with how far each own thing of it is. */
export function shownOf(doc: VisitDoc, entries: Entry[]): Shown {
  const own = entries.filter(({ visit, action }) => visit === doc.id && !SILENT.includes(action));
  const byCommand = new Map(own.map((entry) => [entry.id, entry.mark]));
  const marks: Record<string, Mark> = {};
  for (const { action, body, mark } of own) {
    const id = body.id ?? body.item ?? action;
    if (typeof id === "string") marks[id] = mark;
  }
  // What was looked at in the office, or done again, has been dealt with.
  const open = own.filter((one) => !one.decided && !isMadeGood(one, own));
  return {
    ...doc,
    timeline: doc.timeline.map((step) => ({
      ...step,
      mark: byCommand.get(step.command) ?? "applied",
    })),
    marks,
    mark: FAR.find((mark) => open.some((entry) => entry.mark === mark)) ?? null,
  };
}
