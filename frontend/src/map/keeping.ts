/** What is checked in the list goes along to the next filter: the server's links and forms name only
 * its own filters. */

const FILTERS = ".co-filters, .co-chip-menu, .co-head";

export function keepHidden(hidden: () => string): () => void {
  const off = new AbortController();
  const how = { capture: true, signal: off.signal };
  const link = (event: Event) => {
    const to = event.target instanceof Element ? event.target.closest("a") : null;
    if (!to?.closest(FILTERS)) return;
    const address = new URL(to.href);
    if (address.pathname !== location.pathname) return;
    if (hidden()) address.searchParams.set("hide", hidden());
    else address.searchParams.delete("hide");
    to.href = address.href;
  };
  const form = (event: FormDataEvent) => {
    const sent = event.target instanceof Element && event.target.closest(FILTERS);
    if (sent && hidden()) event.formData.set("hide", hidden());
  };
  document.addEventListener("click", link, how);
  document.addEventListener("formdata", form as EventListener, how);
  return () => off.abort();
}

/** This page on another day, with all else that its address says. */
export function addressOn(day: string): string {
  const search = new URLSearchParams(location.search);
  search.delete("day");
  search.set("from", day);
  search.set("to", day);
  return `?${search}`;
}
