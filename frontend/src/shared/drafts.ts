/** What you type is kept until you save or discard it: in this browser, for this user only. */

import { enhance } from "./dom.ts";
import { hasLeft, keptName } from "./leaving.ts";
import { type Context, contextOf } from "./requests.ts";

const WAIT_MS = 250;
const KEPT_DAYS = 14;
const NEVER = new Set(["csrfmiddlewaretoken", "idempotency_key", "version"]);

type Values = Record<string, string[]>;

interface Draft {
  at: number;
  values: Values;
  /** What the form said before anybody typed. */
  given?: Values;
}

export function draftKey(form: HTMLElement): string {
  const name = form.dataset.draft || form.getAttribute("hx-post") || form.getAttribute("action");
  return keptName("draft", name ?? location.pathname);
}

function fields(form: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement)[] {
  const all = [...form.elements].filter((element) =>
    element.matches("input, textarea, select"),
  ) as HTMLInputElement[];
  // A form that did not ask for it keeps its written words only: a time or a choice that was
  // right when it was typed would come back stale.
  const kept = form.hasAttribute("data-draft") ? isTyped : isWritten;
  return all.filter((field) => !NEVER.has(field.name) && kept(field));
}

function isWritten(field: HTMLInputElement): boolean {
  const words = ["textarea", "text", "tel", "email", "url"];
  return words.includes(field.type) && Boolean(field.name);
}

function isTyped(field: HTMLInputElement): boolean {
  // What is typed to search a list is no part of what the form says.
  if (["password", "file", "submit", "search"].includes(field.type)) return false;
  // Hidden fields are the server's, but for the value of a combobox; its text has no name.
  return field.matches("[data-combobox-value], [role=combobox]") || isNamed(field);
}

function isNamed(field: HTMLInputElement): boolean {
  return Boolean(field.name) && field.type !== "hidden";
}

function nameOf(field: HTMLElement & { name: string }): string {
  if (field.name) return field.name;
  const box = field.closest("[data-combobox]");
  return `${box?.querySelector<HTMLInputElement>("[data-combobox-value]")?.name ?? ""}~text`;
}

/** What was typed: the rest is the server's to say, and may have been changed by others since. */
export function typed({ values, given }: Pick<Draft, "values" | "given">): Values {
  const was = (name: string) => JSON.stringify(given?.[name]);
  return Object.fromEntries(
    Object.entries(values).filter(([name, kept]) => JSON.stringify(kept) !== was(name)),
  );
}

function isToggle(field: HTMLInputElement | HTMLTextAreaElement): field is HTMLInputElement {
  return field.type === "checkbox" || field.type === "radio";
}

export function readValues(form: HTMLFormElement): Values {
  const values: Values = {};
  for (const field of fields(form)) {
    const name = nameOf(field);
    const list = values[name] ?? [];
    values[name] = list;
    if (!isToggle(field)) list.push(field.value);
    else if (field.checked) list.push(field.value);
  }
  return values;
}

/** Puts a draft's values back; says whether anything differed from what the page had. */
export function writeValues(form: HTMLFormElement, values: Values): boolean {
  const changed: HTMLElement[] = [];
  const seen: Record<string, number> = {};
  for (const field of fields(form)) {
    const name = nameOf(field);
    const kept = values[name];
    if (!kept) continue;
    const index = seen[name] ?? 0;
    seen[name] = index + 1;
    if (isToggle(field)) {
      if (field.checked === kept.includes(field.value)) continue;
      field.checked = !field.checked;
    } else {
      if (kept[index] === undefined || field.value === kept[index]) continue;
      field.value = kept[index];
    }
    changed.push(field);
  }
  for (const field of changed) {
    const fold = field.closest("details");
    if (fold) fold.open = true; // what came back is to be seen
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return changed.length > 0;
}

function load(key: string): Draft | null {
  const stored = localStorage.getItem(key);
  if (!stored) return null;
  const draft = JSON.parse(stored) as Draft;
  if (Date.now() - draft.at < KEPT_DAYS * 86_400_000) return draft;
  localStorage.removeItem(key);
  return null;
}

function save(form: HTMLFormElement): void {
  if (hasLeft()) return;
  const key = draftKey(form);
  const draft: Draft = { at: Date.now(), values: readValues(form), given: opened.get(key) };
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch (error) {
    // No room in the browser: the form still works, only the safety net is missing.
    console.warn("Draft not kept", error);
  }
}

export function forgetDraft(key: string): void {
  localStorage.removeItem(key);
}

/** What of a draft has no field yet: choices that the server lists after another choice. */
const late = new WeakMap<HTMLFormElement, Values>();

export function comesLate(form: HTMLFormElement, values: Values): Values {
  const there = new Set(Object.keys(readValues(form)));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !there.has(name)));
}

/** Fields that have come since are filled too, until somebody touches the form. */
function putBackLate(event: Event): void {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  const values = form && late.get(form);
  if (values) writeValues(form, values);
}

/** Forms on the page now. One that comes in the place of another is the server's answer to it. */
const present = new Map<string, HTMLFormElement>();
/** What each said when it was opened: an answer to it may say what was typed. */
const opened = new Map<string, Values>();

function putBack(form: HTMLFormElement, key: string, note: HTMLElement | null): void {
  const answered = present.has(key);
  present.set(key, form);
  if (!answered) opened.set(key, readValues(form));
  const draft = answered ? null : load(key);
  if (!draft) return;
  const kept = typed(draft);
  late.set(form, comesLate(form, kept));
  if (writeValues(form, kept) && note) note.hidden = false;
}

/** What stands in there is fetched again: a form that comes in its place gets what was typed. */
export function setAside(element: Element): void {
  for (const [key, form] of present) {
    if (!element.contains(form)) continue;
    if (form.dataset.dirty === "") save(form);
    present.delete(key);
  }
}

function leave(event: Event): void {
  const dialog = event.target as Element;
  for (const [key, form] of present) {
    if (!form.isConnected || dialog.contains(form)) present.delete(key);
  }
}

function keep(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  const key = draftKey(form);
  const note = form.querySelector<HTMLElement>("[data-draft-note]");
  const given = readValues(form);
  putBack(form, key, note);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (event: Event) => {
    if (event.isTrusted) late.delete(form);
    form.dataset.dirty = "";
    clearTimeout(timer);
    timer = setTimeout(() => form.isConnected && save(form), WAIT_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => save(form));
  // Esc right after the last letter: leaving the field keeps it at once.
  form.addEventListener("focusout", () => form.dataset.dirty === "" && save(form));
  note?.querySelector("[data-draft-discard]")?.addEventListener("click", () => {
    clearTimeout(timer);
    forgetDraft(key);
    writeValues(form, given);
    delete form.dataset.dirty;
    clearTimeout(timer);
    note.hidden = true;
    form.dispatchEvent(new CustomEvent("co:discarded", { bubbles: true }));
  });
}

/** Whether a form that came back empty says that its words were taken. */
export function wasTaken(draft: Values, fresh: Values): boolean {
  return Object.entries(draft).some(
    ([name, kept]) => kept.some(Boolean) && fresh[name]?.every((value) => !value),
  );
}

// htmx names another source once the form has been replaced, so it is remembered.
const sent = new WeakMap<Context, HTMLFormElement>();

function beforeAnswer(event: Event): void {
  const ctx = contextOf(event);
  const form = ctx?.sourceElement.closest<HTMLFormElement>("form");
  if (ctx && form) sent.set(ctx, form);
}

/** Saved: the answer was good, and the form is gone or came back empty. */
function afterAnswer(event: Event): void {
  const ctx = contextOf(event);
  const form = ctx && sent.get(ctx);
  const status = ctx?.response?.status ?? 0;
  if (!form || !ctx || ctx.request.method === "GET" || status < 200 || status >= 300) return;
  const key = draftKey(form);
  queueMicrotask(() => {
    const fresh = present.get(key);
    const leaves = ctx.hx?.redirect || ctx.hx?.location || ctx.hx?.trigger?.includes("co:close");
    const taken = fresh?.isConnected && wasTaken(load(key)?.values ?? {}, readValues(fresh));
    if (leaves || taken || !fresh?.isConnected) forgetDraft(key);
  });
}

export function startDrafts(): void {
  enhance("form:is([data-draft], :has([data-draft-note]))", keep);
  document.addEventListener("close", leave, true);
  document.addEventListener("htmx:after:settle", putBackLate);
  document.addEventListener("htmx:config:request", beforeAnswer);
  document.addEventListener("htmx:finally:request", afterAnswer);
  document.addEventListener("co:saved", (event) => {
    const name = (event as CustomEvent<{ draft?: string }>).detail?.draft;
    if (name) forgetDraft(keptName("draft", name));
  });
}
