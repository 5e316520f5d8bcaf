/** Menus: native popovers, placed beside their button, walked with the arrow keys. */

import { onEach } from "./dom.ts";

const ITEMS = "a[href], button, label, input";
const EDGE = 8;

let opener: HTMLElement | null = null;

/** Where a menu goes: under its button, or above it where there is no room below. */
export function placeFor(
  button: { left: number; right: number; top: number; bottom: number },
  menu: { width: number; height: number },
  view: { width: number; height: number },
): { left: number; top: number } {
  const rightAligned = Math.max(EDGE, button.right - menu.width);
  const left = Math.min(rightAligned, view.width - menu.width - EDGE);
  const below = button.bottom + 4;
  const fits = below + menu.height <= view.height - EDGE;
  const top = fits ? below : Math.max(EDGE, button.top - 4 - menu.height);
  return { left, top };
}

export function placeMenu(menu: HTMLElement, button: HTMLElement): void {
  const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
  const size = { width: menu.offsetWidth, height: menu.offsetHeight };
  const { left, top } = placeFor(button.getBoundingClientRect(), size, view);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

export function openMenu(menu: HTMLElement, button: HTMLElement): void {
  opener = button;
  menu.showPopover();
  placeMenu(menu, button);
}

function toggled(event: Event): void {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches("[data-menu]")) return;
  const button =
    document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(menu.id)}"]`) ?? opener;
  const open = (event as ToggleEvent).newState === "open";
  button?.setAttribute("aria-expanded", String(open));
  if (!open || !button) return;
  placeMenu(menu, button);
  enter(menu);
}

function enter(menu: HTMLElement): void {
  const first = menu.querySelector<HTMLElement>(ITEMS);
  if (!menu.contains(document.activeElement)) first?.focus({ preventScroll: true });
}

/** A menu whose content was asked for when it opened: the keys go on in it. */
function filled(event: Event): void {
  const menu = event.target;
  if (menu instanceof HTMLElement && menu.matches("[data-menu]:popover-open")) enter(menu);
}

function walk(menu: HTMLElement, event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (step === undefined) return;
  if (event.target instanceof HTMLInputElement && event.target.type === "radio") return;
  const items = [...menu.querySelectorAll<HTMLElement>(ITEMS)].filter(
    (item) => item.offsetParent !== null && !item.matches("label"),
  );
  const now = items.indexOf(document.activeElement as HTMLElement);
  const next = Number.isFinite(step)
    ? (now + step + items.length) % items.length
    : step > 0
      ? items.length - 1
      : 0;
  items[next]?.focus();
  event.preventDefault();
}

export function startMenus(): void {
  document.addEventListener("toggle", toggled, true);
  document.addEventListener("htmx:after:settle", filled);
  onEach("keydown", "[data-menu]", walk);
  onEach("click", "[data-menu] :is(a, [role=menuitem])", (item) => {
    if (item.getAttribute("aria-disabled") === "true") return;
    const menu = item.closest<HTMLElement>("[data-menu]");
    // After the click has done its work; hiding at once would drop the focus first.
    setTimeout(() => menu?.matches(":popover-open") && menu.hidePopover());
  });
}
