/** The status of a visit, from the steps that were taken: the server's rule, by the server's table.
 *
 * Python has the same (`orders/lifecycle.py`); tests/fold-vectors.json holds them together.
 */

import type { Lifecycle, LifecycleAction } from "./types.ts";

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

/** It moves the visit, says what holds already, or makes no sense there and changes nothing. */
export type Verdict = "moves" | "same" | "passed";

/** Where the steps lead from `start`. */
export function fold(table: Lifecycle, start: Standing, actions: Iterable<string>): Standing {
  let now = start;
  for (const code of actions) now = step(table, now, code);
  return now;
}

/** Where one step leads. */
export function step(table: Lifecycle, now: Standing, code: string): Standing {
  const action = actionOf(table, code);
  if (!action || verdict(table, now, code) !== "moves") return now;
  const known = table.statuses.some((one) => one.code === action.to);
  const back = action.to === "before_break" ? now.before_break : "";
  const status = known ? action.to : back || now.status;
  const moved = status !== now.status && !action.closes;
  const before_break = !moved ? now.before_break : code === "break" ? now.status : "";
  return { status, before_break, is_open: !action.closes, outcome: action.closes };
}

export function verdict(table: Lifecycle, now: Standing, code: string): Verdict {
  const action = actionOf(table, code);
  if (!action || action.to === "before") return "passed";
  if (action.closes && action.closes === now.outcome) return "same";
  if (!now.is_open) return "passed";
  if (action.sources.includes(now.status)) return "moves";
  return action.to === now.status ? "same" : "passed";
}

function actionOf(table: Lifecycle, code: string): LifecycleAction | undefined {
  return table.actions.find((one) => one.code === code);
}

/** The actions that make sense now, in the table's order, and the one big button among them. */
export function actionsOf(table: Lifecycle, now: Standing): { big: string; open: string[] } {
  const open = table.actions
    .map(({ code }) => code)
    .filter((code) => verdict(table, now, code) === "moves");
  const big = table.next[now.status] ?? "";
  return { big: open.includes(big) ? big : "", open };
}
