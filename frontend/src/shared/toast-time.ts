/** How long a toast stays, in milliseconds. A style sheet may say otherwise, for who reads slowly:
 * `:root { --co-toast: 20000ms }`. */

const SHOWN_MS = 6000;

/** A refusal stays twice as long. */
export function shownMs(isRefusal: boolean): number {
  const said = getComputedStyle(document.documentElement).getPropertyValue("--co-toast");
  const shown = Number.parseFloat(said) || SHOWN_MS;
  return isRefusal ? 2 * shown : shown;
}
