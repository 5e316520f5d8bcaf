/** Live: hints become events on the document; elements and lists fetch themselves again. */

import htmx from "htmx.org";
import { noteHeard, startMissed } from "./live-missed.ts";
import { type Heard, LiveSource } from "./live-source.ts";
import type { Said } from "./live-worker.ts";
import { isFree, startTyping } from "./live-typing.ts";
import { contextOf } from "./requests.ts";
import { text } from "./texts.ts";

const FLUSH_MS = 200;
const GLOW_MS = 1100;
const AGAIN_MS = 3000;

/** What changed, and whether forms that somebody fills in are told of it. */
let waiting = new Map<string, boolean>();
let planned = false;

function connect(tell: (heard: Heard) => void): void {
  const { liveUrl, liveWorker, liveKey, liveAfter } = document.body.dataset;
  if (!liveUrl) return;
  const from = new URL(liveUrl, location.href);
  // The place in the feed that this page was drawn from: nothing falls between drawing and hearing.
  if (liveAfter) from.searchParams.set("after", liveAfter);
  const address = from.href;
  if (typeof SharedWorker === "undefined" || !liveWorker) {
    const source = new LiveSource(address, tell);
    source.start();
    window.addEventListener("online", () => source.again());
    window.addEventListener("pagehide", () => source.stop());
    window.addEventListener("pageshow", (event) => event.persisted && source.start());
    return;
  }
  // The name keeps two sign-ins of one browser apart.
  const worker = new SharedWorker(liveWorker, { type: "module", name: `callout-${liveKey ?? ""}` });
  const say = (said: Said) => worker.port.postMessage(said);
  worker.port.onmessage = ({ data }: MessageEvent<Heard>) => tell(data);
  const drawn = whenDrawn();
  let asked = whenAsked();
  say({ join: { address, asked, drawn } });
  window.addEventListener("online", () => say({ online: true }));
  window.addEventListener("pagehide", () => {
    asked = Date.now();
    say({ leave: true });
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) say({ join: { address, asked, drawn } });
  });
}

function moment(of: "requestStart" | "responseStart"): number {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return performance.timeOrigin + (page?.[of] ?? 0);
}

/** Between the two the server has drawn the page: on a slow network that was a while ago. */
const whenAsked = () => moment("requestStart");
const whenDrawn = () => moment("responseStart");

function showState(on: boolean): void {
  for (const dot of document.querySelectorAll<HTMLElement>("[data-live-dot]")) {
    dot.dataset.state = on ? "on" : "lost";
    const word = dot.querySelector<HTMLElement>("[data-live-word]");
    if (word) word.textContent = text(on ? "live.on" : "live.lost");
  }
  for (const banner of document.querySelectorAll<HTMLElement>("[data-offline]")) {
    banner.hidden = on || navigator.onLine;
  }
}

/** A glow of a second in the colour of the status that the element has now. */
export function glow(element: Element): void {
  element.classList.remove("is-changed");
  void (element as HTMLElement).offsetWidth; // starts the animation anew
  element.classList.add("is-changed");
  setTimeout(() => element.classList.remove("is-changed"), GLOW_MS);
}

/** Whether somebody has asked for more of what it shows: to fetch it anew would take that away. */
function isBeingRead(element: Element): boolean {
  return element.querySelector("[data-live-read]") !== null;
}

/** It alone: what holds it may be live too, and hears of what is its own by itself. */
function fetchAgain(element: Element): void {
  htmx.trigger(element, "live", {}, false);
}

/** When what has a pace of its own was last fetched, or will be: by its id, which outlives it. */
const fetched = new Map<string, number>();

/** At most once in `data-live-pace` milliseconds, and what came last is never lost. */
function refreshAtPace(element: HTMLElement, pace: number): void {
  const { id } = element;
  const now = Date.now();
  const last = fetched.get(id) ?? 0;
  if (last > now) return; // it is to be fetched already
  const wait = Math.max(last + pace - now, 0);
  fetched.set(id, now + wait);
  setTimeout(() => {
    const there = document.getElementById(id);
    if (there && !isBeingRead(there) && isFree(there)) fetchAgain(there);
  }, wait);
}

/** `ofKind`: of all things of a kind, most are others' than those shown, and may come in thousands:
 *  they keep to the element's pace. What it names by its id is shown at once. */
function refresh(selector: string, ofKind: boolean): void {
  for (const element of document.querySelectorAll<HTMLElement>(selector)) {
    if (isBeingRead(element) || !isFree(element)) continue;
    const pace = ofKind ? Number(element.dataset.livePace ?? 0) : 0;
    if (pace && element.id) refreshAtPace(element, pace);
    else fetchAgain(element);
  }
}

/** A form is told, never overwritten; unless it is the one that saves right now. */
function warnForms(selector: string): void {
  for (const form of document.querySelectorAll<HTMLElement>(selector)) {
    if (form.matches(".htmx-request")) continue;
    const notice = form.querySelector<HTMLElement>("[data-changed]");
    if (notice) notice.hidden = false;
  }
}

function flush(): void {
  planned = false;
  const changed = waiting;
  waiting = new Map();
  for (const [thing, warns] of changed) {
    const name = CSS.escape(thing);
    if (warns) warnForms(`form[data-live-form~="${name}"]`);
    refresh(`[data-live~="${name}"]`, false);
    const kind = thing.slice(0, thing.indexOf(":"));
    refresh(`[data-live~="${CSS.escape(kind)}"]`, true);
  }
}

export function hint(kind: string, id: string): void {
  // Not to forms: one that came with the answer was mostly drawn after what it saved itself.
  noteHeard(`${kind}:${id}`, () => tell(kind, id, false));
  tell(kind, id, true);
}

function tell(kind: string, id: string, warns: boolean): void {
  document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail: { id } }));
  const thing = `${kind}:${id}`;
  waiting.set(thing, warns || waiting.get(thing) === true);
  if (!planned) setTimeout(flush, FLUSH_MS);
  planned = true;
}

function hear(heard: Heard): void {
  if (heard.type === "state") showState(heard.on);
  else if (heard.type === "hint") hint(heard.kind, heard.id);
  else {
    noteHeard("resync", showAgain);
    warnForms("form[data-live-form]");
    showAgain();
  }
}

function showAgain(): void {
  document.dispatchEvent(new CustomEvent("live:resync"));
  refresh("[data-live]", true);
}

function glowNew(event: Event): void {
  const detail = (event as CustomEvent<{ newContent?: Node[] }>).detail;
  for (const node of detail?.newContent ?? []) {
    if (node instanceof Element && node.matches("[data-live][data-glow]")) glow(node);
  }
}

/** A refresh that got no answer, or more of a list, is tried again; a refused one is not. */
function again(event: Event): void {
  const ctx = contextOf(event);
  const element = ctx?.sourceElement;
  if (!element?.matches("[data-live], .co-more, [data-more] > td")) return;
  if (ctx?.response && ctx.response.status < 500) return;
  setTimeout(() => element.isConnected && isFree(element) && fetchAgain(element), AGAIN_MS);
}

export function startLive(): void {
  connect(hear);
  startMissed();
  startTyping(fetchAgain);
  document.addEventListener("htmx:error", again);
  document.addEventListener("htmx:response:error", again);
  document.addEventListener("htmx:after:settle", glowNew);
  // What this page itself did: the server may name it, and the page need not wait for the stream.
  document.addEventListener("co:changed", (event) => {
    const { kind, id } = (event as CustomEvent<{ kind: string; id: string }>).detail;
    hint(kind, id);
  });
  // With a network again the stream has still to be opened: it says so itself.
  for (const name of ["online", "offline"]) window.addEventListener(name, () => showState(false));
}
