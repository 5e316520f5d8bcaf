/** Rows chosen by their boxes: one by one, a range with Shift, all, by keys; and the bar of actions
 * that appears while some are chosen. In a row the arrows walk, `x` chooses, Escape chooses none. */

import htmx from "htmx.org";
import { isTyping, onEach } from "../shared/dom.ts";

const BOX = "tbody .co-checkbox";
let last: HTMLInputElement | null = null;

function boxes(table: Element): HTMLInputElement[] {
  return [...table.querySelectorAll<HTMLInputElement>(BOX)];
}

function chosen(root: ParentNode = document): HTMLInputElement[] {
  return [...root.querySelectorAll<HTMLInputElement>(`table ${BOX}:checked`)];
}

/** Each chosen row as "id:version", as its row says them now. */
function orders(): string {
  const rows = chosen().map((box) => box.closest("tr"));
  return rows.map((row) => `${row?.id.replace("order-", "")}:${row?.dataset.version}`).join(",");
}

function show(table: Element): void {
  const all = boxes(table);
  const count = all.filter((box) => box.checked).length;
  const head = table.querySelector<HTMLInputElement>("[data-check-all]");
  if (head) {
    head.checked = count > 0 && count === all.length;
    head.indeterminate = count > 0 && count < all.length;
  }
  const bar = document.querySelector<HTMLElement>("[data-bulk]");
  if (!bar) return;
  bar.hidden = count === 0;
  const shown = bar.querySelector("[data-bulk-count]");
  if (shown) shown.textContent = String(count);
  const tooMany = count > Number(bar.dataset.most ?? Number.POSITIVE_INFINITY);
  bar.querySelector("[data-bulk-too-many]")?.toggleAttribute("hidden", !tooMany);
  for (const button of bar.querySelectorAll<HTMLButtonElement>("[data-bulk-do], [type=submit]")) {
    button.disabled = tooMany;
  }
}

/** All between the box chosen last and this one become as this one. */
export function range(all: HTMLInputElement[], from: HTMLInputElement | null, to: HTMLInputElement) {
  const ends = [from ? all.indexOf(from) : -1, all.indexOf(to)].sort((a, b) => a - b);
  const [first = -1, end = -1] = ends;
  return first < 0 ? [to] : all.slice(first, end + 1);
}

function choose(box: HTMLInputElement, checked: boolean, shift: boolean): void {
  const table = box.closest("table");
  if (!table) return;
  const some = shift ? range(boxes(table), last, box) : [box];
  for (const one of some) one.checked = checked;
  last = box;
  show(table);
}

function none(): void {
  const focused = document.activeElement?.closest("[data-bulk]");
  for (const table of document.querySelectorAll("table")) {
    for (const box of boxes(table)) box.checked = false;
    show(table);
  }
  // The bar goes away with the button: the keys go on where one chose last.
  if (focused) last?.focus();
}

function walk(row: HTMLTableRowElement, event: KeyboardEvent): HTMLInputElement | null {
  const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  const inBox = event.target instanceof HTMLInputElement;
  next?.querySelector<HTMLElement>(inBox ? ".co-checkbox" : ".co-row-link")?.focus();
  return next?.querySelector<HTMLInputElement>(".co-checkbox") ?? null;
}

function pressed(row: HTMLTableRowElement, event: KeyboardEvent): boolean {
  const box = row.querySelector<HTMLInputElement>(".co-checkbox");
  if (!box || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = walk(row, event);
    if (event.shiftKey && next) {
      box.checked = true;
      choose(next, true, false);
    }
    return true;
  }
  if (event.key.toLowerCase() === "x") {
    choose(box, !box.checked, event.shiftKey);
    return true;
  }
  if (event.key !== "Escape" || !chosen().length) return false;
  none();
  return true;
}

export function startSelection(): void {
  onEach("change", "[data-check-all]", (head) => {
    const table = head.closest("table");
    if (!table) return;
    for (const box of boxes(table)) box.checked = (head as HTMLInputElement).checked;
    show(table);
  });
  // A click knows of the Shift key, and is what a press of Space is too.
  onEach("click", `table ${BOX}`, (box, event) => {
    const one = box as HTMLInputElement;
    choose(one, one.checked, event.shiftKey);
  });
  onEach("keydown", "table:has([data-check-all]) tbody tr", (row, event) => {
    if (pressed(row as HTMLTableRowElement, event)) event.preventDefault();
  });
  const again = (event: Event) => {
    const table = event.target instanceof Element ? event.target.closest("table") : null;
    if (table) show(table);
  };
  document.addEventListener("co:list-changed", again);
  document.addEventListener("htmx:after:settle", again); // the next rows of the list
  onEach("click", "[data-bulk-none]", none);
  onEach("click", "[data-bulk-do]", (button) => {
    const values = { order: orders() };
    const context = { source: button, target: "#co-dialog", swap: "innerHTML", values };
    void htmx.ajax("POST", button.dataset.bulkDo ?? "", context);
  });
  onEach("submit", "[data-bulk]", (bar) => {
    const field = bar.querySelector<HTMLInputElement>("[data-bulk-orders]");
    if (field) field.value = orders();
  });
}
