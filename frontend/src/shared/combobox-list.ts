/** The list under a combobox: what can be chosen, which of it is marked, and how many there are. */

import { icon, make } from "./dom.ts";
import { pieces } from "./match.ts";
import { fill, text } from "./texts.ts";

export interface Item {
  id?: string;
  name: string;
  detail?: string;
  icon?: string;
  initials?: string;
  url?: string;
}

let made = 0;

export class OptionList {
  readonly element: HTMLElement;
  private readonly announcer: HTMLElement;
  private active = -1;

  constructor(
    root: HTMLElement,
    private readonly input: HTMLInputElement,
  ) {
    const id = `co-list-${++made}`;
    // The label's own words, without the small ones beside them.
    const label = input.labels?.[0]?.firstChild?.textContent ?? input.getAttribute("aria-label");
    const attributes = { class: "co-pop", role: "listbox", id, "aria-label": label?.trim() ?? "" };
    this.element = make("div", attributes);
    this.element.hidden = true;
    this.announcer = make("span", { class: "co-vh", role: "status" });
    root.append(this.element, this.announcer);
    const facts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(facts)) input.setAttribute(name, value);
    input.setAttribute("aria-controls", id);
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  get marked(): HTMLElement | undefined {
    return this.options()[this.active];
  }

  /** What was `found`, and a last one that makes what is not there yet. */
  show(found: HTMLElement[], create: HTMLElement | null, query: string): void {
    const options = create ? [...found, create] : found;
    this.element.replaceChildren(...options);
    if (!found.length) {
      this.element.prepend(make("div", { class: "co-pop-note" }, text("combo.none")));
    }
    for (const [index, option] of options.entries()) option.id = `${this.element.id}-${index}`;
    for (const words of this.element.querySelectorAll<HTMLElement>("[data-match]")) {
      mark(words, query);
    }
    const count = { count: found.length };
    const summary = found.length === 1 ? text("combo.count_one") : text("combo.count", count);
    this.announcer.textContent = found.length ? summary : text("combo.none");
    if (document.activeElement !== this.input) return;
    this.expand(true);
    this.activate(query && found.length ? 0 : -1);
  }

  /** Words in place of options. */
  note(words: string): void {
    this.element.replaceChildren(make("div", { class: "co-pop-note" }, words));
    this.active = -1;
    if (document.activeElement === this.input) this.expand(true);
  }

  /** To the next option, from the last one to the first. */
  next(): void {
    this.activate((this.active + 1) % Math.max(this.options().length, 1));
  }

  previous(): void {
    this.activate(this.active <= 0 ? this.options().length - 1 : this.active - 1);
  }

  close(): void {
    this.expand(false);
    this.activate(-1);
  }

  private expand(open: boolean): void {
    this.element.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  private options(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[role=option]")];
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
}

/** One thing that was found, to choose. */
export function optionOf(item: Item): HTMLElement {
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

/** What makes a new one of that name. */
export function creatingOption(query: string, label: string): HTMLElement {
  const option = make("div", { class: "co-option co-option-create", role: "option" });
  option.dataset.create = query;
  option.append(
    make("span", { class: "co-tile" }, icon("plus")),
    make("span", { class: "co-grow" }, fill(label, { text: query })),
    make("kbd", { class: "co-kbd", "aria-hidden": "true" }, "Ctrl ↵"),
  );
  return option;
}

/** Options that the server has drawn. */
export function optionsIn(html: string): HTMLElement[] {
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
