/** What is heard while an answer is on its way: it may have been drawn before that happened, and
 *  what it puts in place has heard nothing. htmx drops what waits on an element that is replaced. */

import { contextOf } from "./requests.ts";

const LIVE = "[data-live], [data-live-list], [data-live-item]";

interface Underway {
  /** What was live on the page when the request left. */
  there: Set<Element>;
  /** What was heard since, and how to tell it again. */
  heard: Map<string, () => void>;
}

const underway = new Map<object, Underway>();

export function noteHeard(what: string, tellAgain: () => void): void {
  for (const { heard } of underway.values()) heard.set(what, tellAgain);
}

function left(event: Event): void {
  const ctx = contextOf(event);
  if (!ctx) return;
  // It waited its turn behind the answer that replaced its element: nobody would take its own.
  if (ctx.sourceElement.hasAttribute("data-live") && !ctx.sourceElement.isConnected) {
    event.preventDefault();
    return;
  }
  underway.set(ctx, { there: new Set(document.querySelectorAll(LIVE)), heard: new Map() });
}

function arrived(event: Event): void {
  const ctx = contextOf(event);
  const one = ctx && underway.get(ctx);
  if (!one) return;
  underway.delete(ctx);
  if (!one.heard.size) return;
  const isNew = (element: Element) => !one.there.has(element);
  if (![...document.querySelectorAll(LIVE)].some(isNew)) return;
  for (const tellAgain of one.heard.values()) tellAgain();
}

export function startMissed(): void {
  document.addEventListener("htmx:before:request", left);
  document.addEventListener("htmx:finally:request", arrived);
}
