/** Create on the spot: a box inside another form, whose thing fills the field it was made for. */

import { onEach } from "../shared/dom.ts";

interface Chosen {
  field: string;
  value: string;
  name: string;
  also?: Chosen[];
}

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

/** Empties the box and gives the keys back to the field above it. */
function close(box: HTMLElement): void {
  const place = box.parentElement;
  const field = place?.previousElementSibling?.querySelector<HTMLInputElement>(
    "input:not([type=hidden])",
  );
  box.remove();
  field?.focus();
}

function key(box: HTMLElement, event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const inText = event.target instanceof HTMLInputElement && event.target.type !== "button";
  if (event.key === "Enter" && inText) {
    event.preventDefault();
    box.querySelector<HTMLElement>("[data-box-save]")?.click();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close(box);
  }
}

export function startBoxes(): void {
  onEach("keydown", "[data-box]", key);
  onEach("click", "[data-box-close]", (button) => {
    const box = button.closest<HTMLElement>("[data-box]");
    if (box) close(box);
  });
  document.addEventListener("co:chosen", (event) => {
    const chosen = (event as CustomEvent<Chosen>).detail;
    const field = fillField(chosen);
    for (const more of chosen.also ?? []) fillField(more);
    field?.focus();
  });
}
