/** An order's menu, as on its Kanban card: fetched when it is opened. */

import htmx from "htmx.org";
import { make } from "../shared/dom.ts";
import { openMenu, placeMenu } from "../shared/menu.ts";

const ID = "co-plan-menu";

export async function openOrderMenu(pattern: string, orderId: string, button: HTMLElement) {
  if (!pattern) return;
  let menu = document.getElementById(ID);
  if (!menu) {
    menu = make("div", { class: "co-menu", id: ID, popover: "", role: "menu", "data-menu": "" });
    document.body.append(menu);
  }
  menu.replaceChildren();
  const address = pattern.replace("{id}", orderId);
  await htmx.ajax("GET", address, { source: button, target: menu, swap: "innerHTML" });
  if (!menu.childElementCount || !button.isConnected) return;
  openMenu(menu, button);
  placeMenu(menu, button);
  menu.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
}
