/** A list whose items are put in another order, by a grip or by the buttons of each. */

import { enhance, onEach } from "../shared/dom.ts";
import { text } from "../shared/texts.ts";

function moved(button: HTMLElement): void {
  const item = button.closest("li");
  const list = item?.closest<HTMLElement>("[data-reorder]");
  if (!item || !list) return;
  const beside =
    button.dataset.move === "1" ? item.nextElementSibling : item.previousElementSibling;
  if (button.dataset.move === "1") beside?.after(item);
  else beside?.before(item);
  button.focus(); // to move an element takes the keys away from what is in it
  say(list, item);
}

function say(list: HTMLElement, item: Element): void {
  const name = item.querySelector("[data-name]")?.textContent ?? "";
  const place = [...list.children].indexOf(item) + 1;
  const said = list.parentElement?.querySelector("[data-reorder-said]");
  if (said) said.textContent = text("list.moved", { name, place });
}

async function draggable(list: HTMLElement): Promise<void> {
  const { default: Sortable } = await import("sortablejs");
  Sortable.create(list, {
    handle: "[data-grip]",
    forceFallback: true, // one look and one behaviour for mouse and finger, within the popover
    animation: 120,
    ghostClass: "is-ghost",
    onEnd: ({ item }) => say(list, item),
  });
}

export function startReorder(): void {
  onEach("click", "[data-reorder] [data-move]", moved);
  enhance("[data-reorder]", (list) => void draggable(list));
}
