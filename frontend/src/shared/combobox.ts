/** Combobox: search as you type over a hidden value (WAI-ARIA 1.2, parts/combobox.html). */

import htmx from "htmx.org";
import { creatingOption, type Item, OptionList, optionOf, optionsIn } from "./combobox-list.ts";
import { enhance } from "./dom.ts";
import { text } from "./texts.ts";

const WAIT_MS = 150;
const LONG_MS = 350;

export class Combobox {
  private readonly input: HTMLInputElement;
  private readonly value: HTMLInputElement | null;
  private readonly clearButton: HTMLButtonElement | null;
  private readonly list: OptionList;
  private readonly goes: boolean;
  private chosenText: string;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | null = null;

  constructor(private readonly root: HTMLElement) {
    const query = "input:not([type=hidden])";
    this.input = root.querySelector<HTMLInputElement>(query) as HTMLInputElement;
    this.value = root.querySelector<HTMLInputElement>("[data-combobox-value]");
    this.clearButton = root.querySelector<HTMLButtonElement>("[data-combobox-clear]");
    this.goes = root.dataset.combobox === "go";
    this.chosenText = this.input.value;
    this.list = new OptionList(root, this.input);
    this.listen();
    this.depend();
  }

  private listen(): void {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("click", () => this.list.isOpen || this.search(0));
    this.root.addEventListener("focusout", (event) => this.left(event));
    const { element } = this.list;
    element.addEventListener("pointerdown", (event) => event.preventDefault()); // keep focus
    element.addEventListener("click", (event) => {
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
    const slow = setTimeout(() => this.list.note(text("combo.loading")), LONG_MS);
    try {
      const headers = { Accept: "application/json, text/html", "HX-Request": "true" };
      const answer = await fetch(address, { headers, signal: request.signal });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      const options = isJson
        ? ((await answer.json()) as { items: Item[] }).items.map(optionOf)
        : optionsIn(await answer.text());
      clearTimeout(slow);
      this.list.show(options, this.creating(query), query);
    } catch (error) {
      clearTimeout(slow);
      if (!request.signal.aborted) {
        console.warn("Search failed", error);
        this.list.note(text("combo.failed"));
      }
    }
  }

  private creating(query: string): HTMLElement | null {
    if (!this.root.dataset.create || !query) return null;
    return creatingOption(query, this.root.dataset.createLabel ?? text("combo.create"));
  }

  // --- keys and choosing ---------------------------------------------------------------------------

  private key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.list.isOpen) this.search(0);
      else if (event.key === "ArrowDown") this.list.next();
      else this.list.previous();
    } else if (event.key === "Enter") this.enter(event);
    else if (event.key === "Escape" && this.list.isOpen) {
      event.preventDefault();
      event.stopPropagation(); // the panel around stays open
      this.close();
    } else if (event.key === "Tab" && this.list.isOpen) {
      const option = this.list.marked;
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
    const option = this.list.isOpen ? this.list.marked : undefined;
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
    this.list.close();
  }

  /** Left without choosing: the text goes back to what is chosen, never to a half-truth. */
  private left(event: FocusEvent): void {
    if (this.root.contains(event.relatedTarget as Node | null)) return;
    this.close();
    if (this.goes || !this.value) return;
    if (this.value.value) this.input.value = this.chosenText;
  }
}

export function startComboboxes(): void {
  enhance("[data-combobox]", (root) => new Combobox(root));
}
