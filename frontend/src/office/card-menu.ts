/** A card's menu: fetched when it is opened, so that it always says what is possible now. */

import htmx from "htmx.org";
import { make } from "../shared/dom.ts";
import { openMenu, placeMenu } from "../shared/menu.ts";
import { idOf } from "./moves.ts";

export function startCardMenus(board: HTMLElement): void {
  const template = board.dataset.menuUrl;
  if (!template) {
    for (const button of board.querySelectorAll<HTMLElement>("[data-card-menu]")) {
      button.hidden = true;
    }
    return;
  }
  const attributes = { class: "co-menu", id: "co-card-menu", popover: "", role: "menu" };
  const menu = make("div", { ...attributes, "data-menu": "" });
  document.body.append(menu);
  board.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-card-menu]");
    const card = button?.closest<HTMLElement>(".co-card");
    if (button && card) void open(menu, button, template.replace("{id}", idOf(card)));
  });
}

async function open(menu: HTMLElement, button: HTMLElement, address: string): Promise<void> {
  menu.replaceChildren();
  await htmx.ajax("GET", address, { source: button, target: menu, swap: "innerHTML" });
  if (!menu.childElementCount || !button.isConnected) return;
  openMenu(menu, button);
  placeMenu(menu, button);
  menu.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
}
