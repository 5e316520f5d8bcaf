/** Back after signing out. A browser keeps the pages that one leaves as they stood, and shows them
 *  again without asking anybody: what stood on them would be there for whoever sits down next. */

import { enhance } from "./dom.ts";

const KEY = "callout:signed-out";

/** Which of the visits to the sign-in page was the last one; null where this browser keeps nothing,
 *  which is no word that can be relied on. */
function lastTime(): string | null {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return null;
  }
}

function note(): void {
  try {
    localStorage.setItem(KEY, crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  } catch {
    // Then every page that comes back is asked for anew.
  }
}

/** The sign-in page: whoever comes to it is nobody, or not who they were. */
export function startSignedOut(): void {
  enhance("[data-signed-out]", note);
}

/** Every signed-in page: kept and shown again, it is asked for anew if somebody signed out since. */
export function startReturned(): void {
  const before = lastTime();
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted || (before !== null && lastTime() === before)) return;
    document.body.hidden = true;
    location.reload();
  });
}
