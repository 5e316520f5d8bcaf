/** What narrows the pile, and how the page's address keeps it (beside what the board keeps there). */

export interface PileQuery {
  tab: "to_plan" | "waiting";
  skill_id: string;
  area_id: string;
  type_id: string;
  q: string;
  at_risk: boolean;
}

export const WHOLE_PILE: Readonly<PileQuery> = {
  tab: "to_plan",
  skill_id: "",
  area_id: "",
  type_id: "",
  q: "",
  at_risk: false,
};

const NAMES = {
  tab: "pile",
  skill_id: "pskill",
  area_id: "parea",
  type_id: "ptype",
  q: "pq",
  at_risk: "prisk",
} as const;

export function narrowedBy(search: string): PileQuery {
  const given = new URLSearchParams(search);
  const found = (name: keyof typeof NAMES) => given.get(NAMES[name]) ?? "";
  return {
    tab: found("tab") === "waiting" ? "waiting" : "to_plan",
    skill_id: found("skill_id"),
    area_id: found("area_id"),
    type_id: found("type_id"),
    q: found("q"),
    at_risk: found("at_risk") === "true",
  };
}

/** `search` with the pile's part replaced; what is as always is left out. */
export function searchWith(search: string, query: PileQuery): string {
  const all = new URLSearchParams(search);
  for (const name of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
    if (query[name] === WHOLE_PILE[name]) all.delete(NAMES[name]);
    else all.set(NAMES[name], String(query[name]));
  }
  const words = all.toString();
  return words && `?${words}`;
}

/** How many filters are on; the tab and the search box show themselves. */
export function filtersOn(query: PileQuery): number {
  return [query.skill_id, query.area_id, query.type_id, query.at_risk].filter(Boolean).length;
}
