/** Words that were typed and never saved are kept in this browser, each user's under their own
 *  name. Who signs out leaves none of them behind: somebody else may sit down next. A session that
 *  merely ended takes nothing: whoever it was signs in again and goes on. */

import { onEach } from "./dom.ts";

/** Told to the other pages of this browser, by the user who left. */
const LEFT = "callout:left";
const KINDS = ["draft", "box"] as const;

let over = false;

/** Under which name something typed is kept. */
export function keptName(kind: (typeof KINDS)[number], name: string): string {
  return `callout:${kind}:${document.body.dataset.user ?? ""}:${name}`;
}

/** Whether whoever this page is of has signed out: nothing more is kept. */
export function hasLeft(): boolean {
  return over;
}

function forget(user: string): void {
  const theirs = KINDS.map((kind) => `callout:${kind}:${user}:`);
  for (const store of [localStorage, sessionStorage]) {
    const names = Object.keys(store);
    for (const name of names.filter((one) => theirs.some((begin) => one.startsWith(begin)))) {
      store.removeItem(name);
    }
  }
}

function leave(user: string): void {
  over = true;
  forget(user);
  localStorage.setItem(LEFT, user);
  localStorage.removeItem(LEFT);
}

export function startLeaving(): void {
  onEach("submit", "form[data-sign-out]", (form) => {
    leave(form.dataset.signOut || (document.body.dataset.user ?? ""));
  });
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key !== LEFT || !newValue) return;
    forget(newValue); // what this tab alone held too
    if (newValue === document.body.dataset.user) over = true;
  });
  // Signing out did not come through, and the page is shown again as it was kept.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) over = false;
  });
}
