/** Create on the spot: a box inside another form, whose thing fills the field it was made for. */

import { enhance, onEach } from "../shared/dom.ts";
import { hasLeft, keptName } from "../shared/leaving.ts";
import { contextOf } from "../shared/requests.ts";

interface Chosen {
  field: string;
  value: string;
  name: string;
  also?: Chosen[];
}

let sent = ""; // the stash of the box that was sent last: done, it is forgotten
const FIELDS = "input:not([type=hidden]), textarea, select";

/** Puts a value and its words into the combobox of that name, as if it had been chosen there. */
export function fillField({ field, value, name }: Chosen): HTMLInputElement | null {
  const hidden = document.querySelector<HTMLInputElement>(
    `[data-combobox-value][name="${CSS.escape(field)}"]`,
  );
  const shown = hidden
    ?.closest("[data-combobox]")
    ?.querySelector<HTMLInputElement>("input:not([type=hidden])");
  if (!hidden || !shown) return null;
  shown.disabled = false;
  shown.value = name;
  shown.removeAttribute("aria-invalid");
  hidden.value = value;
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
  return shown;
}

// --- what was typed into a box is there again when the box for the same words is -------------

function stashKey(box: HTMLElement): string {
  const address = box.querySelector("[data-box-save]")?.getAttribute("hx-post") ?? "";
  return keptName("box", address);
}

function values(box: HTMLElement): [HTMLInputElement, string][] {
  return [...box.querySelectorAll<HTMLInputElement>(FIELDS)]
    .filter((field) => field.name)
    .map((field) => {
      const toggle = field.type === "radio" || field.type === "checkbox";
      return [field, toggle ? `${field.name}=${field.value}` : field.name];
    });
}

function keep(box: HTMLElement): void {
  if (hasLeft()) return;
  const kept: Record<string, string | boolean> = {};
  for (const [field, name] of values(box)) {
    kept[name] = name.includes("=") ? field.checked : field.value;
  }
  sessionStorage.setItem(stashKey(box), JSON.stringify(kept));
}

function restore(box: HTMLElement): void {
  const kept = JSON.parse(sessionStorage.getItem(stashKey(box)) ?? "{}") as Record<string, unknown>;
  for (const [field, name] of values(box)) {
    const value = kept[name];
    if (typeof value === "boolean") field.checked = value;
    else if (typeof value === "string") field.value = value;
  }
}

function opened(box: HTMLElement): void {
  const wrong = box.querySelector<HTMLElement>("[aria-invalid=true]");
  if (!wrong && !box.querySelector("[role=alert]")) restore(box);
  const first = box.querySelector<HTMLElement>("input[type=text], input:not([type]), textarea");
  (wrong ?? first)?.focus();
  box.addEventListener("input", () => keep(box));
}

/** Empties the box's place and gives the keys back to the field above it. */
function close(box: HTMLElement): void {
  const place = box.parentElement;
  const field = place?.previousElementSibling?.querySelector<HTMLElement>(FIELDS);
  box.remove();
  field?.focus();
}

function key(box: HTMLElement, event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
    event.preventDefault();
    box.querySelector<HTMLElement>("[data-box-save]")?.click();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close(box);
  }
}

/** htmx sends the form around the box too: its fields, and its key, are not the box's. */
function sendAlone(event: Event): void {
  const ctx = contextOf(event);
  const box = ctx?.sourceElement.closest<HTMLElement>("[data-box]");
  const form = box?.closest("form");
  if (box && ctx?.request.method === "POST") sent = stashKey(box);
  if (!form || !(ctx?.request.body instanceof FormData)) return;
  for (const element of form.elements) {
    const name = element.getAttribute("name");
    if (box?.contains(element)) continue;
    if (name && name !== "csrfmiddlewaretoken") ctx.request.body.delete(name);
  }
}

function chosen(event: Event): void {
  const detail = (event as CustomEvent<Chosen>).detail;
  sessionStorage.removeItem(sent);
  const field = fillField(detail);
  for (const more of detail.also ?? []) fillField(more);
  field?.focus();
}

export function startBoxes(): void {
  enhance("[data-box]", opened);
  onEach("keydown", "[data-box]", key);
  onEach("click", "[data-box-close]", (button) => {
    const box = button.closest<HTMLElement>("[data-box]");
    if (box) close(box);
  });
  document.addEventListener("htmx:config:request", sendAlone);
  document.addEventListener("co:chosen", chosen);
}
