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
  /** Our own pages that lie behind this one. */
  private readonly trail: string[] = [];
  private replacing = false;
  private readonly tops = new Map<string, number>();

  constructor() {
    window.addEventListener("hashchange", (event: HashChangeEvent) => {
      const from = new URL(event.oldURL).hash;
      if (this.trail.at(-1) === location.hash) this.trail.pop();
      else if (!this.replacing) this.trail.push(from);
      this.replacing = false;
      this.tops.set(from, scrollY);
      this.now = routeOf(location.hash);
      const top = this.tops.get(location.hash) ?? 0;
      // After the new screen stands, at the place where one left it.
      requestAnimationFrame(() => scrollTo(0, top));
    });
  }

  go(hash: string): void {
    location.hash = hash;
  }

  /** One step up: by the browser's own way back where that leads there, so that nobody walks in
   * circles; a list of whatever day, or a search, is up from a visit. */
  back(up: string): void {
    const before = this.trail.at(-1);
    const isList = before !== undefined && up === "#/" && routeOf(before).page !== "visit";
    if (before === up || isList) history.back();
    else {
      this.replacing = true;
      location.replace(up);
    }
  }
}
