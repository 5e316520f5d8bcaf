/** Keys: `/` searches, `n` is a new order, `?` lists the keys. Elements name theirs: data-key. */

import { isTyping } from "./dom.ts";

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || document.querySelector("dialog:modal")) return;
  if (event.key === "?") {
    const list = document.getElementById("co-shortcuts");
    if (list instanceof HTMLDialogElement) list.showModal();
    return;
  }
  const element = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
  if (!element) return;
  event.preventDefault();
  if (element instanceof HTMLInputElement) {
    element.focus();
    element.select();
  } else {
    element.focus(); // where the focus comes back to when the panel closes
    element.click();
  }
}

export function startKeys(): void {
  document.addEventListener("keydown", pressed);
}
