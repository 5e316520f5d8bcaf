/** A card's menu: fetched when it is opened, so that it always says what is possible now. */

import htmx from "htmx.org";
import { make } from "./dom.ts";
import { openMenu, placeMenu } from "./menu.ts";

function cardMenu(): HTMLElement {
  const found = document.getElementById("co-card-menu");
  if (found) return found;
  const attributes = { class: "co-menu", id: "co-card-menu", popover: "", role: "menu" };
  const menu = make("div", { ...attributes, "data-menu": "" });
  document.body.append(menu);
  return menu;
}

export async function openCardMenu(button: HTMLElement, address: string): Promise<void> {
  const menu = cardMenu();
  menu.replaceChildren();
  await htmx.ajax("GET", address, { source: button, target: menu, swap: "innerHTML" });
  if (!menu.childElementCount || !button.isConnected) return;
  openMenu(menu, button);
  placeMenu(menu, button);
  menu.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
}
