/** How long a toast stays, in milliseconds. A style sheet may say otherwise, for who reads slowly:
 * `:root { --co-toast: 20s }`. */

const SHOWN_MS = 6000;

/** A refusal stays twice as long. */
export function shownMs(isRefusal: boolean): number {
  const said = getComputedStyle(document.documentElement).getPropertyValue("--co-toast");
  const unit = /\ds\s*$/.test(said) ? 1000 : 1;
  const shown = Number.parseFloat(said) * unit || SHOWN_MS;
  return isRefusal ? 2 * shown : shown;
}
