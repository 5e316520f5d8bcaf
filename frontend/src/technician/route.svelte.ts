/** Which screen: kept in the address behind its #, so that going back is the browser's own. */

export interface Route {
  page: "today" | "visit" | "sending" | "search";
  /** A day, or a visit's id. */
  id: string;
  /** A page of the visit: checklist, parts, photos, report, sign, past, steps. */
  part: string;
}

export function routeOf(hash: string): Route {
  const [page = "", id = "", part = ""] = hash.replace(/^#\/?/, "").split("/");
  if (page === "visit" && id) return { page, id, part };
  if (page === "sending" || page === "search") return { page, id: "", part: "" };
  return { page: "today", id: page === "day" ? id : "", part: "" };
}

export class Router {
  now = $state.raw<Route>(routeOf(location.hash));
  /** How many of our own pages lie behind this one. */
  private depth = 0;
  private readonly tops = new Map<string, number>();

  constructor() {
    window.addEventListener("hashchange", (event: HashChangeEvent) => {
      this.tops.set(new URL(event.oldURL).hash, scrollY);
      this.now = routeOf(location.hash);
      const top = this.tops.get(location.hash) ?? 0;
      // After the new screen stands, at the place where one left it.
      requestAnimationFrame(() =>
        scrollTo(0, this.now.page === "visit" && !this.now.part ? 0 : top),
      );
    });
  }

  go(hash: string): void {
    this.depth += 1;
    location.hash = hash;
  }

  /** To the page before, or `up` where somebody came straight here. */
  back(up: string): void {
    if (this.depth > 0) {
      this.depth -= 1;
      history.back();
    } else location.replace(up);
  }
}
