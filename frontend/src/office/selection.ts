/** Rows chosen by their boxes: "choose all", and the bar that appears while some are chosen. */

import { onEach } from "../shared/dom.ts";

function boxes(table: Element): HTMLInputElement[] {
  return [...table.querySelectorAll<HTMLInputElement>("tbody .co-checkbox")];
}

function show(table: Element): void {
  const all = boxes(table);
  const chosen = all.filter((box) => box.checked).length;
  const head = table.querySelector<HTMLInputElement>("[data-check-all]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  const bar = document.querySelector<HTMLElement>("[data-bulk]");
  if (!bar) return;
  bar.hidden = chosen === 0;
  const count = bar.querySelector("[data-bulk-count]");
  if (count) count.textContent = String(chosen);
}

export function startSelection(): void {
  onEach("change", "[data-check-all]", (head) => {
    const table = head.closest("table");
    if (!table) return;
    for (const box of boxes(table)) box.checked = (head as HTMLInputElement).checked;
  });
  onEach("change", "table", show);
  document.addEventListener("co:list-changed", (event) => {
    const table = event.target instanceof Element ? event.target.closest("table") : null;
    if (table) show(table);
  });
  onEach("click", "[data-bulk-none]", () => {
    for (const table of document.querySelectorAll("table")) {
      for (const box of boxes(table)) box.checked = false;
      show(table);
    }
  });
}
