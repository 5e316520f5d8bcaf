/** Lists and boards: asks for the rows or cards that changed and puts each where it belongs. */

import htmx from "htmx.org";
import { enhance } from "./dom.ts";
import { glow } from "./live.ts";
import { comingBy } from "./live-coming.ts";

const WAIT_MS = 200;
const AGAIN_MS = 3000;
const MOST_AT_ONCE = 50;
/** How often it is looked at what runs late by now, which nobody does anything for. */
const LATE_MS = 30_000;
/** Somebody types, is asked something, drags, or has chosen some. */
const BUSY =
  "form[data-dirty], dialog[open], :is(input:not([type=checkbox]), textarea):focus, " +
  ".is-drag, .is-chosen, [data-live-item] .co-checkbox:checked";

/** Before which sibling an item with this sort key stands; null means at the end. */
export function placeAmong(keys: string[], key: string, descending: boolean): number {
  const at = keys.findIndex((other) => (descending ? other < key : other > key));
  return at < 0 ? keys.length : at;
}

export class LiveList {
  private asked = new Set<string>();
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawing: ReturnType<typeof setTimeout> | undefined;
  private readonly kind: string;

  constructor(private readonly root: HTMLElement) {
    this.kind = root.dataset.liveList ?? "";
  }

  start(): void {
    const heard = (event: Event) => this.ask((event as CustomEvent<{ id: string }>).detail.id);
    const again = () => this.resync();
    document.addEventListener(`live:${this.kind}`, heard);
    document.addEventListener("live:resync", again);
    const late = setInterval(() => {
      if (this.root.isConnected) this.askLate(Date.now());
      else clearInterval(late);
    }, LATE_MS);
  }

  ask(id: string): void {
    if (!this.root.isConnected) return;
    this.asked.add(id);
    this.timer ??= setTimeout(() => void this.flush(), WAIT_MS);
  }

  /** Whoever stands at a screen for hours sees what begins to run late. */
  private askLate(now: number): void {
    for (const item of this.items()) {
      const isTold = item.querySelector("[data-late]") !== null;
      if (!isTold && Date.parse(item.dataset.lateSince ?? "") <= now) this.ask(idOf(item));
    }
    for (const id of comingBy(now)) this.ask(id);
  }

  /** Too much was missed, new ones among it: the page is drawn anew, once nobody is in the middle of
   *  something. Until then what is shown is right, and what is new is missing. */
  private resync(): void {
    if (!this.root.isConnected) return;
    if (document.querySelector(BUSY)) {
      for (const item of this.items()) this.asked.add(idOf(item));
      this.timer ??= setTimeout(() => void this.flush(), WAIT_MS);
    }
    clearTimeout(this.drawing);
    this.drawAnew();
  }

  private drawAnew(): void {
    if (!this.root.isConnected) return;
    if (!document.querySelector(BUSY)) location.reload();
    else this.drawing = setTimeout(() => this.drawAnew(), AGAIN_MS);
  }

  private items(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(`[data-live-item^="${this.kind}:"]`)];
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    if (this.busy || this.root.querySelector(".is-drag, .is-chosen")) {
      this.timer = setTimeout(() => void this.flush(), WAIT_MS);
      return;
    }
    const ids = [...this.asked].slice(0, MOST_AT_ONCE);
    for (const id of ids) this.asked.delete(id);
    if (!ids.length) return;
    this.busy = true;
    try {
      await this.fetch(ids);
    } finally {
      this.busy = false;
    }
    if (this.asked.size) this.timer ??= setTimeout(() => void this.flush(), WAIT_MS);
  }

  private async fetch(ids: string[]): Promise<void> {
    const address = new URL(this.root.dataset.liveUrl ?? "", location.href);
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (name !== "ids") address.searchParams.append(name, value);
    }
    address.searchParams.set("ids", ids.join(","));
    const headers = { "HX-Request": "true", Accept: "text/html" };
    const answer = await fetch(address, { headers }).catch(() => null); // no connection
    if (answer?.ok) this.reconcile(ids, await answer.text());
    else if (!answer || answer.status >= 500) this.askLater(ids);
  }

  private askLater(ids: string[]): void {
    for (const id of ids) this.asked.add(id);
    this.timer ??= setTimeout(() => void this.flush(), AGAIN_MS);
  }

  reconcile(ids: string[], html: string): void {
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const id of ids) {
      const name = CSS.escape(`${this.kind}:${id}`);
      const fresh = template.content.querySelector<HTMLElement>(`[data-live-item="${name}"]`);
      const old = this.root.querySelector<HTMLElement>(`[data-live-item="${name}"]`);
      if (fresh) this.put(fresh, old);
      else old?.remove();
    }
    // What was not asked for came up in the place of what has left; what is there already stays.
    const all = template.content.querySelectorAll<HTMLElement>(`[data-live-item^="${this.kind}:"]`);
    for (const fresh of all) {
      const name = CSS.escape(fresh.dataset.liveItem ?? "");
      if (!this.root.querySelector(`[data-live-item="${name}"]`)) this.put(fresh, null);
    }
    for (const part of template.content.querySelectorAll<HTMLElement>("[data-live-set][id]")) {
      document.getElementById(part.id)?.replaceWith(part);
    }
    this.root.dispatchEvent(new CustomEvent("co:list-changed", { bubbles: true }));
  }

  private put(fresh: HTMLElement, old: HTMLElement | null): void {
    const place = this.placeOf(fresh);
    if (!place) {
      old?.remove();
      return;
    }
    if (old?.parentElement === place && sameLooks(old, fresh)) return;
    const focused = old?.contains(document.activeElement) ? focusPath() : null;
    keepTicks(old, fresh);
    if (old && old.parentElement === place && old.dataset.sort === fresh.dataset.sort) {
      old.replaceWith(fresh);
    } else {
      old?.remove();
      if (!this.insert(place, fresh)) return;
    }
    htmx.process(fresh);
    if (focused) fresh.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
    glow(fresh);
  }

  private placeOf(item: HTMLElement): HTMLElement | null {
    const column = item.dataset.column;
    if (!column) return this.root;
    return this.root.querySelector<HTMLElement>(`[data-cards="${CSS.escape(column)}"]`);
  }

  /** Into its sorted place; not at all where that lies among what is not loaded yet. */
  private insert(place: HTMLElement, item: HTMLElement): boolean {
    const others = [...place.children].filter((child): child is HTMLElement =>
      child.matches("[data-live-item]"),
    );
    const descending = place.dataset.order === "desc" || this.root.dataset.order === "desc";
    const keys = others.map((other) => other.dataset.sort ?? "");
    const at = placeAmong(keys, item.dataset.sort ?? "", descending);
    const more = place.querySelector("[data-more], .co-more");
    if (at === others.length && more) return false;
    place.insertBefore(item, others[at] ?? more);
    return true;
  }
}

function idOf(item: HTMLElement): string {
  const name = item.dataset.liveItem ?? "";
  return name.slice(name.indexOf(":") + 1);
}

/** Nothing that one sees changed: no glow, no new element under somebody's hands. */
function sameLooks(old: HTMLElement, fresh: HTMLElement): boolean {
  if (old.className.replace(/\s*is-\S+/g, "").trim() !== fresh.className.trim()) return false;
  const plain = (element: HTMLElement) => element.textContent?.replace(/\s+/g, " ").trim();
  const same = (name: string) => old.getAttribute(name) === fresh.getAttribute(name);
  if (plain(old) !== plain(fresh) || !["data-column", "data-sort"].every(same)) return false;
  old.dataset.version = fresh.dataset.version ?? "";
  return true;
}

function focusPath(): string {
  const active = document.activeElement;
  if (active?.matches("[data-card-menu]")) return "[data-card-menu]";
  return active?.matches("input") ? "input" : "a";
}

function keepTicks(old: HTMLElement | null, fresh: HTMLElement): void {
  const ticked = old?.querySelector<HTMLInputElement>("input[type=checkbox]")?.checked ?? false;
  const box = fresh.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (box) box.checked = ticked;
}

export function startLiveLists(): void {
  enhance("[data-live-list]", (root) => new LiveList(root).start());
}
