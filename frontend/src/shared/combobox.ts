/** Combobox: search as you type over a hidden value (WAI-ARIA 1.2, parts/combobox.html). */

import htmx from "htmx.org";
import { enhance, icon, make } from "./dom.ts";
import { pieces } from "./match.ts";
import { fill, text } from "./texts.ts";

const WAIT_MS = 150;
const LONG_MS = 350;

interface Item {
  id?: string;
  name: string;
  detail?: string;
  icon?: string;
  initials?: string;
  url?: string;
}

let made = 0;

export class Combobox {
  private readonly input: HTMLInputElement;
  private readonly value: HTMLInputElement | null;
  private readonly clearButton: HTMLButtonElement | null;
  private readonly list: HTMLElement;
  private readonly announcer: HTMLElement;
  private readonly goes: boolean;
  private chosenText: string;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | null = null;
  private active = -1;

  constructor(private readonly root: HTMLElement) {
    const query = "input:not([type=hidden])";
    this.input = root.querySelector<HTMLInputElement>(query) as HTMLInputElement;
    this.value = root.querySelector<HTMLInputElement>("[data-combobox-value]");
    this.clearButton = root.querySelector<HTMLButtonElement>("[data-combobox-clear]");
    this.goes = root.dataset.combobox === "go";
    this.chosenText = this.input.value;
    const id = `co-list-${++made}`;
    // The label's own words, without the small ones beside them.
    const label =
      this.input.labels?.[0]?.firstChild?.textContent ?? this.input.getAttribute("aria-label");
    const attributes = { class: "co-pop", role: "listbox", id, "aria-label": label?.trim() ?? "" };
    this.list = make("div", attributes);
    this.list.hidden = true;
    this.announcer = make("span", { class: "co-vh", role: "status" });
    root.append(this.list, this.announcer);
    this.describe(id);
    this.listen();
    this.depend();
  }

  private describe(listId: string): void {
    const facts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(facts)) this.input.setAttribute(name, value);
    this.input.setAttribute("aria-controls", listId);
  }

  private listen(): void {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("click", () => this.list.hidden && this.search(0));
    this.root.addEventListener("focusout", (event) => this.left(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep focus
    this.list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.choose(option);
    });
    this.clearButton?.addEventListener("click", () => {
      this.set("", "");
      this.input.focus();
    });
    // A draft that was put back sets the value from outside.
    this.value?.addEventListener("change", () => {
      this.chosenText = this.input.value;
      this.showClear();
    });
  }

  // --- what depends on another field ---------------------------------------------------------

  private dependencies(): HTMLInputElement[] {
    const names = (this.root.dataset.depends ?? "").split(/[\s,]+/).filter(Boolean);
    const form = this.input.form;
    return names.flatMap((name) => {
      const field = form?.elements.namedItem(name);
      return field instanceof HTMLInputElement || field instanceof HTMLSelectElement
        ? [field as HTMLInputElement]
        : [];
    });
  }

  private depend(): void {
    const placeholder = this.input.placeholder;
    const [needed] = this.dependencies();
    if (!needed) return;
    const check = () => {
      const missing = !needed.value && Boolean(this.root.dataset.needs);
      this.input.disabled = missing;
      this.input.placeholder = missing ? (this.root.dataset.needs ?? "") : placeholder;
    };
    let before = needed.value;
    needed.addEventListener("change", () => {
      check();
      // Another customer: the site chosen for the one before is no longer meant.
      if (before && needed.value !== before) this.set("", "");
      before = needed.value;
    });
    check();
  }

  // --- asking ----------------------------------------------------------------------------------

  private typed(): void {
    if (!this.goes && this.value?.value) this.set("", this.input.value, false);
    this.search(WAIT_MS);
  }

  private search(wait: number): void {
    clearTimeout(this.timer);
    this.request?.abort();
    const query = this.query();
    if (query.length < Number(this.root.dataset.min ?? 0)) {
      this.close();
      return;
    }
    this.timer = setTimeout(() => void this.ask(query), wait);
  }

  /** What to search for; nothing as long as the text is that of the choice made. */
  private query(): string {
    const typed = this.input.value.trim();
    return this.value?.value && typed === this.chosenText ? "" : typed;
  }

  private async ask(query: string): Promise<void> {
    const request = new AbortController();
    this.request = request;
    const address = new URL(this.root.dataset.url ?? "", location.href);
    address.searchParams.set("q", query);
    for (const field of this.dependencies()) address.searchParams.set(field.name, field.value);
    const slow = setTimeout(() => this.note(text("combo.loading")), LONG_MS);
    try {
      const headers = { Accept: "application/json, text/html", "HX-Request": "true" };
      const answer = await fetch(address, { headers, signal: request.signal });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      const options = isJson
        ? ((await answer.json()) as { items: Item[] }).items.map((item) => this.option(item))
        : parseOptions(await answer.text());
      clearTimeout(slow);
      this.show(options, query);
    } catch (error) {
      clearTimeout(slow);
      if (!request.signal.aborted) {
        console.warn("Search failed", error);
        this.note(text("combo.failed"));
      }
    }
  }

  // --- showing -----------------------------------------------------------------------------------

  private option(item: Item): HTMLElement {
    const option = make("div", { class: "co-option", role: "option" });
    option.dataset.value = item.id ?? "";
    option.dataset.name = item.name;
    if (item.url) option.dataset.href = item.url;
    const mark = item.initials
      ? make("span", { class: "co-avatar co-avatar-28" }, item.initials)
      : make("span", { class: "co-tile" }, icon(item.icon ?? "point"));
    const words = make("span", { class: "co-grow" }, make("span", { "data-match": "" }, item.name));
    if (item.detail) words.append(make("small", { "data-match": "" }, item.detail));
    option.append(mark, words, make("kbd", { class: "co-kbd", "aria-hidden": "true" }, "↵"));
    return option;
  }

  private createOption(query: string): HTMLElement | null {
    if (!this.root.dataset.create || !query) return null;
    const label = fill(this.root.dataset.createLabel ?? text("combo.create"), { text: query });
    const option = make("div", { class: "co-option co-option-create", role: "option" });
    option.dataset.create = query;
    option.append(
      make("span", { class: "co-tile" }, icon("plus")),
      make("span", { class: "co-grow" }, label),
      make("kbd", { class: "co-kbd", "aria-hidden": "true" }, "Ctrl ↵"),
    );
    return option;
  }

  private show(found: HTMLElement[], query: string): void {
    const create = this.createOption(query);
    const options = create ? [...found, create] : found;
    this.list.replaceChildren(...options);
    if (!found.length) {
      this.list.prepend(make("div", { class: "co-pop-note" }, text("combo.none")));
    }
    for (const [index, option] of options.entries()) option.id = `${this.list.id}-${index}`;
    for (const words of this.list.querySelectorAll<HTMLElement>("[data-match]")) mark(words, query);
    const count = { count: found.length };
    const summary = found.length === 1 ? text("combo.count_one") : text("combo.count", count);
    this.announcer.textContent = found.length ? summary : text("combo.none");
    if (document.activeElement !== this.input) return;
    this.expand(true);
    this.activate(query && found.length ? 0 : -1);
  }

  private note(words: string): void {
    this.list.replaceChildren(make("div", { class: "co-pop-note" }, words));
    this.active = -1;
    if (document.activeElement === this.input) this.expand(true);
  }

  private expand(open: boolean): void {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  private options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
  }

  private activate(index: number): void {
    const options = this.options();
    this.active = options.length ? Math.max(-1, Math.min(index, options.length - 1)) : -1;
    for (const [at, option] of options.entries()) {
      option.setAttribute("aria-selected", String(at === this.active));
    }
    const option = options[this.active];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  // --- keys and choosing ---------------------------------------------------------------------------

  private key(event: KeyboardEvent): void {
    const count = this.options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.search(0);
      else if (event.key === "ArrowDown") this.activate((this.active + 1) % Math.max(count, 1));
      else this.activate(this.active <= 0 ? count - 1 : this.active - 1);
    } else if (event.key === "Enter") this.enter(event);
    else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation(); // the panel around stays open
      this.close();
    } else if (event.key === "Tab" && !this.list.hidden) {
      const option = this.options()[this.active];
      if (option && !option.dataset.create && !this.goes) this.choose(option);
      this.close();
    }
  }

  private enter(event: KeyboardEvent): void {
    const creates = event.ctrlKey || event.metaKey;
    if (creates && this.root.dataset.create && this.input.value.trim()) {
      event.preventDefault();
      this.create(this.input.value.trim());
      return;
    }
    const option = this.list.hidden ? undefined : this.options()[this.active];
    if (!option) return;
    event.preventDefault();
    this.choose(option);
  }

  private choose(option: HTMLElement): void {
    if (option.getAttribute("aria-disabled") === "true") return;
    this.close();
    if (option.dataset.create) this.create(option.dataset.create);
    else if (this.goes && option.dataset.href) location.href = option.dataset.href;
    else this.set(option.dataset.value ?? "", option.dataset.name ?? "");
  }

  private set(value: string, shown: string, changeText = true): void {
    if (changeText) this.input.value = shown;
    this.chosenText = value ? shown : "";
    if (this.value && this.value.value !== value) {
      this.value.value = value;
      this.input.removeAttribute("aria-invalid");
      // Answered: what was asked for under the field has nothing more to say.
      if (value) document.getElementById(`${this.input.id}-error`)?.remove();
      this.value.dispatchEvent(new Event("change", { bubbles: true }));
      // The listener above took the text as chosen; a text without a value is none.
      this.chosenText = value ? shown : "";
    }
    this.showClear();
  }

  private showClear(): void {
    if (this.clearButton) this.clearButton.hidden = !this.value?.value;
  }

  private create(query: string): void {
    this.close();
    const { create, createTarget } = this.root.dataset;
    const address = new URL(create ?? "", location.href);
    address.searchParams.set("q", query);
    for (const field of this.dependencies()) address.searchParams.set(field.name, field.value);
    const path = `${address.pathname}${address.search}`;
    void htmx.ajax("GET", path, { source: this.root, target: createTarget ?? "#co-dialog" });
  }

  private close(): void {
    clearTimeout(this.timer);
    this.request?.abort();
    this.expand(false);
    this.activate(-1);
  }

  /** Left without choosing: the text goes back to what is chosen, never to a half-truth. */
  private left(event: FocusEvent): void {
    if (this.root.contains(event.relatedTarget as Node | null)) return;
    this.close();
    if (this.goes || !this.value) return;
    if (this.value.value) this.input.value = this.chosenText;
  }
}

function parseOptions(html: string): HTMLElement[] {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.querySelectorAll<HTMLElement>("[role=option]")];
}

function mark(element: HTMLElement, query: string): void {
  const words = element.textContent ?? "";
  const parts = pieces(words, query).map(({ text: piece, hit }) =>
    hit ? make("mark", {}, piece) : piece,
  );
  element.replaceChildren(...parts);
}

export function startComboboxes(): void {
  enhance("[data-combobox]", (root) => new Combobox(root));
}
