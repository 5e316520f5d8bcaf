/** Which rows are shown, under which headings, and which of them are in the window. */

import { fold } from "../shared/match.ts";
import type { BoardRow } from "./rows.ts";
import type { Linked } from "./types.ts";

export type Grouping = "none" | "team" | "skill";

export interface Heading {
  kind: "heading";
  key: string;
  name: string;
  count: number;
}

export interface Line {
  kind: "row";
  /** A technician with two skills stands under both. */
  key: string;
  row: BoardRow;
}

export interface Wanted {
  team: string;
  skill: string;
  q: string;
}

export const HEADING = 28;

/** Those of a team, with a skill, and whose name, or a visit, has every word that was typed. */
export function rowsWanted(rows: BoardRow[], wanted: Wanted): BoardRow[] {
  const words = wordsOf(wanted.q);
  return rows.filter((one) => {
    if (wanted.team && !one.row.teams.some((team) => team.id === wanted.team)) return false;
    if (wanted.skill && !one.row.skills.some((skill) => skill.id === wanted.skill)) return false;
    return !words.length || has(one.found, words) || one.bars.some((bar) => has(bar.found, words));
  });
}

export function wordsOf(typed: string): string[] {
  return fold(typed).split(/\s+/).filter(Boolean);
}

export function has(found: string, words: string[]): boolean {
  return words.every((word) => found.includes(word));
}

export function linesOf(
  rows: BoardRow[],
  grouping: Grouping,
  groups: Linked[],
  others: string,
): (Heading | Line)[] {
  if (grouping === "none") return rows.map((row) => ({ kind: "row", key: row.id, row }));
  const belongs = (row: BoardRow) => (grouping === "team" ? row.row.teams : row.row.skills);
  const lines: (Heading | Line)[] = [];
  const add = (key: string, name: string, members: BoardRow[]) => {
    if (!members.length) return;
    lines.push({ kind: "heading", key, name, count: members.length });
    for (const row of members) lines.push({ kind: "row", key: `${key}/${row.id}`, row });
  };
  for (const group of groups) {
    add(
      group.id,
      group.name,
      rows.filter((row) => belongs(row).some((one) => one.id === group.id)),
    );
  }
  const known = new Set(groups.map((group) => group.id));
  add(
    "others",
    others,
    rows.filter((row) => !belongs(row).some((one) => known.has(one.id))),
  );
  return lines;
}

/** Where each line begins; one more than there are lines, the last is the height of all. */
export function topsOf(lines: (Heading | Line)[], rowHeight: number): number[] {
  const tops = [0];
  let top = 0;
  for (const line of lines) {
    top += line.kind === "heading" ? HEADING : rowHeight;
    tops.push(top);
  }
  return tops;
}

/** The line at a height; the first or last outside of them. */
export function lineAt(tops: number[], y: number): number {
  let low = 0;
  let high = tops.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] as number) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

const MORE = 3;

/** The lines to draw: those in the window and a few beside it, first to before last. */
export function windowOf(tops: number[], scrolled: number, height: number): [number, number] {
  const first = lineAt(tops, scrolled) - MORE;
  const last = lineAt(tops, scrolled + height) + 1 + MORE;
  return [Math.max(0, first), Math.min(tops.length - 1, last)];
}
