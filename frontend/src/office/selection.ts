/** Orders chosen by their boxes, on rows and on cards: one by one, a range with Shift, all, by keys;
 * and the bar of actions that appears while some are chosen. In a list the arrows walk (the Kanban
 * has its own), `x` chooses, Shift and an arrow choose on, Escape chooses none. On a phone a button
 * shows the boxes of the list. */

import htmx from "htmx.org";
import { isTyping, onEach } from "../shared/dom.ts";

const SCOPE = "table:has([data-check-all]), [data-kanban]";
const ITEM = "tr, .co-card";
const LINK = ".co-row-link, .co-card-link";
const BOX = ".co-checkbox:not([data-check-all])";
let last: HTMLInputElement | null = null;

function boxes(root: ParentNode): HTMLInputElement[] {
  return [...root.querySelectorAll<HTMLInputElement>(BOX)];
}

function chosen(): HTMLInputElement[] {
  const all = [...document.querySelectorAll(SCOPE)].flatMap((scope) => boxes(scope));
  return all.filter((box) => box.checked);
}

/** Each one chosen as "id:version", as its row or card says them now. */
function orders(): string {
  const items = chosen().map((box) => box.closest<HTMLElement>(ITEM));
  return items
    .map((item) => `${item?.id.replace("order-", "")}:${item?.dataset.version}`)
    .join(",");
}

function show(scope: Element): void {
  const all = boxes(scope);
  const count = all.filter((box) => box.checked).length;
  const head = scope.querySelector<HTMLInputElement>("[data-check-all]");
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
export function range(
  all: HTMLInputElement[],
  from: HTMLInputElement | null,
  to: HTMLInputElement,
) {
  const ends = [from ? all.indexOf(from) : -1, all.indexOf(to)].sort((a, b) => a - b);
  const [first = -1, end = -1] = ends;
  return first < 0 ? [to] : all.slice(first, end + 1);
}

function choose(box: HTMLInputElement, checked: boolean, shift: boolean): void {
  const scope = box.closest(SCOPE);
  if (!scope) return;
  // A range is of one column of the Kanban.
  const among = boxes(box.closest("[data-cards]") ?? scope);
  for (const one of shift ? range(among, last, box) : [box]) one.checked = checked;
  last = box;
  show(scope);
}

function none(): void {
  const focused = document.activeElement?.closest("[data-bulk]");
  for (const scope of document.querySelectorAll(SCOPE)) {
    for (const box of boxes(scope)) box.checked = false;
    show(scope);
  }
  // The bar goes away with the button: the keys go on where one chose last.
  if (focused) (last?.closest(".co-card")?.querySelector<HTMLElement>(LINK) ?? last)?.focus();
}

function walk(item: HTMLElement, event: KeyboardEvent): HTMLInputElement | null {
  const next = event.key === "ArrowDown" ? item.nextElementSibling : item.previousElementSibling;
  const inBox = event.target instanceof HTMLInputElement;
  next?.querySelector<HTMLElement>(inBox ? BOX : LINK)?.focus();
  return next?.querySelector<HTMLInputElement>(BOX) ?? null;
}

function pressed(item: HTMLElement, event: KeyboardEvent): boolean {
  const box = item.querySelector<HTMLInputElement>(BOX);
  if (!box || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey)
    return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = walk(item, event);
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

/** The menu's way, for fingers: from then on each card shows its box. */
function chosenByMenu(id: string): void {
  const box = document.getElementById(`order-${id}`)?.querySelector<HTMLInputElement>(BOX);
  if (box) choose(box, !box.checked, false);
}

/** For fingers: while its button is pressed a row is chosen by a tap, not opened. */
function choosing(button: HTMLElement): void {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  document.querySelector(".co-orders-list")?.classList.toggle("is-choosing", on);
  if (!on) none();
}

export function startSelection(): void {
  onEach("change", "[data-check-all]", (head) => {
    const table = head.closest("table");
    if (!table) return;
    for (const box of boxes(table)) box.checked = (head as HTMLInputElement).checked;
    show(table);
  });
  // A click knows of the Shift key, and is what a press of Space is too.
  onEach("click", `:is(${SCOPE}) ${BOX}`, (box, event) => {
    const one = box as HTMLInputElement;
    choose(one, one.checked, event.shiftKey);
  });
  onEach("click", "[data-choosing]", choosing);
  onEach("click", "[data-choose]", (item) => chosenByMenu(item.dataset.choose ?? ""));
  onEach("keydown", `:is(${SCOPE}) :is(tbody tr, .co-card)`, (item, event) => {
    if (pressed(item, event)) event.preventDefault();
  });
  const again = (event: Event) => {
    const scope = event.target instanceof Element ? event.target.closest(SCOPE) : null;
    if (scope) show(scope);
  };
  document.addEventListener("co:list-changed", again);
  document.addEventListener("htmx:after:settle", again); // the next rows, or older cards
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
