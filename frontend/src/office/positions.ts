/** Choosing one of the places that were found for an address: it fills the form's position, and
 * whoever follows these fields (the pin) is told. */

import { onEach } from "../shared/dom.ts";

function fill(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLInputElement)) return;
  field.value = value;
  for (const kind of ["input", "change"]) {
    field.dispatchEvent(new Event(kind, { bubbles: true }));
  }
}

export function startPositions(): void {
  onEach("click", "[data-place]", (button) => {
    const form = button.closest("form");
    if (!form) return;
    fill(form, "latitude", button.dataset.latitude ?? "");
    fill(form, "longitude", button.dataset.longitude ?? "");
    for (const other of form.querySelectorAll("[data-place]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  });
}
