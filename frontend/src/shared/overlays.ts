/** Side panel and dialog: native <dialog>, opened by what htmx brings into them. */

import { onEach } from "./dom.ts";

const OPEN = "dialog[open]";
const FIELDS = ":is(input:not([type=hidden]), select, textarea):enabled";

function overlays(): HTMLDialogElement[] {
  return [...document.querySelectorAll<HTMLDialogElement>("dialog[data-overlay]")];
}

/** Toasts belong to the topmost layer: below a modal dialog nothing can be pressed. */
function carryToasts(): void {
  const toasts = document.getElementById("co-toasts");
  const open = [...document.querySelectorAll<HTMLDialogElement>(OPEN)].filter((d) =>
    d.matches(":modal"),
  );
  const place = open.at(-1) ?? document.body;
  if (toasts && toasts.parentElement !== place) place.append(toasts);
}

function label(dialog: HTMLDialogElement): void {
  const heading = dialog.querySelector<HTMLElement>("h1, h2");
  if (!heading) return;
  heading.id ||= `${dialog.id}-title`;
  dialog.setAttribute("aria-labelledby", heading.id);
}

export function openOverlay(dialog: HTMLDialogElement): void {
  label(dialog);
  if (!dialog.open) {
    dialog.showModal();
    begin(dialog);
  }
  carryToasts();
}

/** The browser would begin at the cross that closes; a question begins at its first field. */
function begin(dialog: HTMLDialogElement): void {
  if (dialog.querySelector("[autofocus]")) return;
  const fields = [...dialog.querySelectorAll<HTMLInputElement>(FIELDS)];
  const first = fields.find((field) => field.offsetParent !== null);
  const same = fields.filter((field) => first?.type === "radio" && field.name === first.name);
  (same.find((field) => field.checked) ?? first)?.focus({ preventScroll: true });
}

/** What is left to do where a dialog closed, or was taken out of the page. */
export function closed(dialog: HTMLDialogElement): void {
  const toasts = document.getElementById("co-toasts");
  if (toasts && dialog.contains(toasts)) document.body.append(toasts);
  if (dialog.hasAttribute("data-overlay")) dialog.replaceChildren();
  carryToasts();
}

function settle(event: Event): void {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.hasAttribute("data-overlay")) return;
  const content = [...dialog.children].filter((child) => child.id !== "co-toasts");
  if (content.length) openOverlay(dialog);
  else if (dialog.open) dialog.close();
}

/** The server is done with the panel: HX-Trigger "co:close". */
function closeTopmost(event: Event): void {
  const inside = event.target instanceof Element ? event.target.closest(OPEN) : null;
  const topmost = overlays()
    .filter((dialog) => dialog.open)
    .at(-1);
  ((inside as HTMLDialogElement | null) ?? topmost)?.close();
}

/** What htmx swaps into an open panel takes the toasts' place with it unless they step out. */
function stepOut(): void {
  const toasts = document.getElementById("co-toasts");
  if (toasts?.parentElement?.matches("dialog")) document.body.append(toasts);
}

export function startOverlays(): void {
  document.addEventListener("htmx:before:swap", stepOut);
  document.addEventListener("htmx:after:swap", carryToasts);
  document.addEventListener("htmx:after:settle", settle);
  document.addEventListener("co:close", closeTopmost);
  document.addEventListener(
    "close",
    (event) => event.target instanceof HTMLDialogElement && closed(event.target),
    true,
  );
  onEach("click", "[data-close]", (button, event) => {
    const dialog = button.closest<HTMLDialogElement>("dialog");
    if (dialog) dialog.close();
    else if (history.length > 1) history.back();
    else return;
    event.preventDefault();
  });
  // A press beside the panel closes it, as Esc does; what was typed is kept by the drafts.
  document.addEventListener("pointerdown", (event) => {
    const dialog = event.target;
    if (!(dialog instanceof HTMLDialogElement) || !dialog.matches("[data-overlay].co-side")) return;
    const box = dialog.getBoundingClientRect();
    if (event.clientX < box.left) dialog.close();
  });
}
