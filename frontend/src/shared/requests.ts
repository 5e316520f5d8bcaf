/** What every htmx request needs: token, key against doubles, busy marks, words of refusals. */

import { make } from "./dom.ts";
import { text } from "./texts.ts";
import { showToast } from "./toasts.ts";

/** The part of htmx's request context that is used here. */
export interface Context {
  sourceElement: HTMLElement;
  target: Element | string | null;
  swap: string;
  confirm?: string;
  text?: string;
  hx?: Record<string, string>;
  request: {
    method: string;
    headers: Record<string, string>;
    body: FormData | URLSearchParams | null;
    submitter?: HTMLElement | null;
  };
  response?: { status: number };
}

interface ConfirmDetail {
  ctx: Context;
  issueRequest: () => void;
  dropRequest: () => void;
}

const running = new WeakSet<HTMLElement>();
/** Until a form that the browser sends itself may be sent again: somebody may have stopped it, and
 *  a file that comes as its answer leaves the page as it is. Its key keeps it from counting twice. */
const STOPPED_MS = 10_000;
const keys = new WeakMap<HTMLElement, string>();

/** Whether what it changes is on its way. Not by htmx's class: one that is answered with an address
 *  keeps that, and where only the part after the # differs the page stays. */
export function isSending(form: HTMLElement): boolean {
  return running.has(form);
}

export function contextOf(event: Event): Context | undefined {
  return (event as CustomEvent<{ ctx?: Context }>).detail?.ctx;
}

/** The token of now: who signs in again in another tab gets a new one, in the cookie. */
export function csrfToken(cookies = document.cookie): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  const name = `${meta?.dataset.cookie}=`;
  const cookie = cookies.split(/;\s*/).find((one) => one.startsWith(name));
  return cookie?.slice(name.length) || meta?.content || "";
}

function isUnsafe(ctx: Context): boolean {
  return !["GET", "HEAD", "QUERY"].includes(ctx.request.method);
}

/** The form's hidden key, else one made for the element that was pressed. */
function idempotencyKey(ctx: Context): string {
  const given = ctx.request.body?.get?.("idempotency_key");
  if (typeof given === "string" && given) return given;
  const source = ctx.sourceElement;
  const key = keys.get(source) ?? crypto.randomUUID();
  keys.set(source, key);
  return key;
}

/** After a definite answer the next press is a new wish; after a lost one it is the same. */
function renewKey(source: HTMLElement): void {
  keys.delete(source);
  for (const input of source.querySelectorAll<HTMLInputElement>("input[name=idempotency_key]")) {
    input.value = crypto.randomUUID();
  }
}

function configure(event: Event): void {
  const ctx = contextOf(event);
  if (!ctx || !isUnsafe(ctx)) return;
  const source = ctx.sourceElement;
  if (running.has(source) && !source.hasAttribute("data-kanban")) {
    event.preventDefault(); // pressed twice
    return;
  }
  running.add(source);
  ctx.request.headers["X-CSRFToken"] = csrfToken();
  const { body } = ctx.request;
  if (body?.has("csrfmiddlewaretoken")) body.set("csrfmiddlewaretoken", csrfToken());
  ctx.request.headers["Idempotency-Key"] = idempotencyKey(ctx);
}

function busyElement(ctx: Context): HTMLElement {
  const submitter = ctx.request.submitter;
  if (submitter) return submitter;
  const first = ctx.sourceElement.querySelector<HTMLElement>("footer [type=submit]");
  return ctx.sourceElement.matches("form") && first ? first : ctx.sourceElement;
}

function finish(event: Event): void {
  const ctx = contextOf(event);
  if (!ctx) return;
  busyElement(ctx).classList.remove("is-busy");
  running.delete(ctx.sourceElement);
  const status = ctx.response?.status ?? 0;
  if (isUnsafe(ctx) && status >= 200 && status < 500) renewKey(ctx.sourceElement);
}

const WORDS: Record<number, string> = {
  401: "error.signed_out",
  403: "error.forbidden",
  404: "error.not_found",
  409: "error.refused",
  412: "error.stale",
  428: "error.stale",
  429: "error.too_many",
};

/** What a refusal says: the words of its alert or toast, a page's heading, else our own. */
export function refusalWords(html: string, status: number): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  const spoken = page.querySelector("[role=alert], .co-toast > span:not([class]), h1");
  const words = spoken?.textContent?.replace(/\s+/g, " ").trim();
  if (words) return words;
  return text(WORDS[status] ?? (status >= 500 ? "error.server" : "error.refused"));
}

/** Whether the body of a refusal is only words, not content to be shown in place. */
export function isOnlyWords(html: string): boolean {
  const first = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  return (
    !first || first.matches("[role=alert], .co-toast, main, .co-app, .co-skip, .co-plain-main")
  );
}

function refuse(event: Event): void {
  const ctx = contextOf(event);
  const status = ctx?.response?.status ?? 0;
  if (!ctx || ctx.hx?.retarget || ctx.hx?.redirect || ctx.hx?.location) return;
  const html = ctx.text ?? "";
  if (html.includes("<hx-partial")) return;
  if (status === 422 && ctx.swap !== "none" && !isOnlyWords(html)) return;
  ctx.swap = "none";
  // Nobody pressed anything: a stream that is down or a session that ended is told elsewhere.
  if (ctx.sourceElement.hasAttribute("data-live") && ![403, 404].includes(status)) return;
  const again = status === 401 ? { url: location.href, url_label: text("error.sign_in") } : {};
  showToast({ text: refusalWords(html, status), tone: "error", ...again });
}

function lost(event: Event): void {
  const detail = (event as CustomEvent<{ ctx?: Context; error?: unknown }>).detail;
  // Live refreshes are tried again by themselves; what somebody pressed is told.
  if (detail?.ctx?.sourceElement.hasAttribute("data-live")) return;
  if (detail?.ctx) showToast({ text: text("error.network"), tone: "error" });
}

/** Asks in our own dialog instead of the browser's. */
export function ask(question: string): Promise<boolean> {
  const yes = make("button", { class: "co-btn co-btn-primary", value: "yes" }, text("confirm.yes"));
  const no = make("button", { class: "co-btn co-end", value: "no" }, text("confirm.no"));
  const heading = make("h2", { id: "co-ask-title" }, question);
  const form = make("form", { class: "co-frame", method: "dialog" });
  form.append(make("div", { class: "co-frame-body" }, heading), make("footer", {}, no, yes));
  const dialog = make("dialog", { class: "co-dialog", "aria-labelledby": "co-ask-title" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function confirm(event: Event): void {
  const detail = (event as CustomEvent<ConfirmDetail>).detail;
  if (!detail.ctx.confirm) return;
  event.preventDefault();
  void ask(detail.ctx.confirm).then((yes) => (yes ? detail.issueRequest() : detail.dropRequest()));
}

/** Forms that the browser sends itself: a second press before the answer does nothing. */
function guardPlainForm(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (running.has(form)) event.preventDefault();
  const { submitter } = event;
  running.add(form);
  submitter?.classList.add("is-busy");
  const free = () => {
    running.delete(form);
    submitter?.classList.remove("is-busy");
  };
  window.addEventListener("pageshow", free, { once: true });
  setTimeout(free, STOPPED_MS);
}

export function startRequests(): void {
  document.addEventListener("htmx:config:request", configure);
  document.addEventListener("htmx:before:request", (event) => {
    const ctx = contextOf(event);
    if (ctx && isUnsafe(ctx)) busyElement(ctx).classList.add("is-busy");
  });
  document.addEventListener("htmx:finally:request", finish);
  document.addEventListener("htmx:response:error", refuse);
  document.addEventListener("htmx:error", lost);
  document.addEventListener("htmx:confirm", confirm);
  document.addEventListener("submit", guardPlainForm);
}
