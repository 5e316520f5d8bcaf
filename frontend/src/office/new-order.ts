/** The New order form's keys and focus; everything else of it is the server's. */

import htmx from "htmx.org";
import { onEach } from "../shared/dom.ts";

const FORM = "form[data-new-order]";

/** Sends the form as Enter in a field would: by the step's first button. */
function send(form: HTMLFormElement): void {
  form.requestSubmit(form.querySelector<HTMLButtonElement>("#no-fields > [type=submit]"));
}

/** Whether words stand in a search box that nothing was chosen for yet. */
function isSearching(field: HTMLElement): boolean {
  if (!(field instanceof HTMLInputElement) || field.getAttribute("role") !== "combobox")
    return false;
  const value = field.closest("[data-combobox]")?.querySelector<HTMLInputElement>("[type=hidden]");
  return field.value.trim() !== "" && value?.value === "";
}

/** In the description Enter is a new line, so Ctrl+Enter sends; a suggestion belongs to no form. */
function key(element: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Enter" || event.defaultPrevented) return;
  const target = event.target as HTMLElement;
  const form = element as HTMLFormElement;
  if (isSearching(target)) {
    event.preventDefault(); // the answer is still on its way: Enter did not mean "send"
    return;
  }
  if (target instanceof HTMLTextAreaElement && !(event.ctrlKey || event.metaKey)) return;
  if (!target.matches("textarea, [name=pick]")) return;
  event.preventDefault();
  send(form);
}

/** After a step or a refusal: to the first field that is wrong, else to the step's first one. */
function focusFirst(event: Event): void {
  const place = event.target;
  if (!(place instanceof HTMLElement) || place.id !== "no-fields") return;
  const shown = [...place.querySelectorAll<HTMLElement>("input, textarea, select, summary")].filter(
    (field) => field.offsetParent !== null && !field.matches("[type=hidden]"),
  );
  const wrong = shown.find((field) => field.getAttribute("aria-invalid") === "true");
  (wrong ?? shown[0])?.focus();
  if (!wrong) place.closest(".co-frame-body")?.scrollTo({ top: 0 });
}

/** A suggestion of the technician in the field is marked, and no other. */
function markSuggestion(): void {
  const chosen = document.querySelector<HTMLInputElement>(`${FORM} [name=technician_id]`)?.value;
  const all = [...document.querySelectorAll<HTMLInputElement>("#no-suggest [name=pick]")];
  const own = all.filter((radio) => chosen && radio.value.startsWith(`${chosen}@`));
  const marked = own.find((radio) => radio.checked) ?? own[0];
  for (const radio of all) radio.checked = radio === marked;
}

/** Discarded: the form begins anew, at its first step. */
function again(form: HTMLElement): void {
  const panel = form.closest("dialog");
  const address = form.getAttribute("action") ?? "";
  if (panel) void htmx.ajax("GET", address, { source: panel, target: `#${panel.id}` });
  else location.assign(address);
}

export function startNewOrder(): void {
  onEach("keydown", FORM, key);
  document.addEventListener("htmx:after:settle", focusFirst);
  document.addEventListener("htmx:finally:request", (event) => {
    const source = event.target instanceof Element ? event.target : null;
    if (source?.closest("#no-plan")) markSuggestion();
  });
  document.addEventListener("co:discarded", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches(FORM)) again(event.target);
  });
}
