/** A form of the office in the panel at the side, asked for from a part that Svelte draws. */

import htmx from "htmx.org";

/** The link still has its address: a new tab of it, or a page with no panel, goes there. */
export function openSide(event: MouseEvent): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const source = event.currentTarget as HTMLAnchorElement;
  event.preventDefault();
  void htmx.ajax("GET", source.href, { source, target: "#co-side", swap: "innerHTML" });
}
