/** The status of a visit, from the steps that were taken: the server's rule, by the server's table. */

import type { Lifecycle } from "./types.ts";

export interface Standing {
  status: string;
  before_break: string;
  is_open: boolean;
  outcome: string;
}

export const AT_FIRST: Standing = {
  status: "planned",
  before_break: "",
  is_open: true,
  outcome: "",
};

/** Where the steps lead from `start`. One that the table knows not, or not from there, leads nowhere. */
export function fold(table: Lifecycle, start: Standing, actions: Iterable<string>): Standing {
  let now = start;
  for (const code of actions) now = step(table, now, code) ?? now;
  return now;
}

/** Where one step leads; null where it does not fit. */
export function step(table: Lifecycle, now: Standing, code: string): Standing | null {
  const action = table.actions.find((one) => one.code === code);
  if (!now.is_open || !action?.sources.includes(now.status)) return null;
  const known = table.statuses.some((one) => one.code === action.to);
  const back = action.to === "before_break" ? now.before_break : "";
  const status = known ? action.to : back || now.status;
  const kept = status === now.status ? now.before_break : "";
  const before_break = code === "break" ? now.status : kept;
  return { status, before_break, is_open: !action.closes, outcome: action.closes };
}

/** The actions that make sense now, in the table's order; the one big button first among them. */
export function actionsOf(table: Lifecycle, now: Standing): { big: string; open: string[] } {
  const open = now.is_open
    ? table.actions
        .filter((one) => one.code !== "undo" && one.sources.includes(now.status))
        .map((one) => one.code)
    : [];
  const big = table.next[now.status] ?? "";
  return { big: open.includes(big) ? big : "", open };
}
