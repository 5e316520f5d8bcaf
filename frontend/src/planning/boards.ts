/** Boards that follow each other: what stayed the same keeps its object, what changed is told. */

import type { Board, Row, Visit } from "./types.ts";

export interface Followed {
  board: Board;
  /** Visits that somebody changed, by id; not those whose outlook alone did. */
  changed: Set<string>;
}

/** The fresh board, with the rows of the old one that say the same. With `only`, the fresh board
 * holds those technicians alone and the others stay. */
export function followed(old: Board | null, fresh: Board, only?: Set<string>): Followed {
  const changed = new Set<string>();
  if (!old || old.first !== fresh.first || old.last !== fresh.last)
    return { board: fresh, changed };
  const before = new Map(old.rows.map((row) => [row.technician.id, row]));
  const marks = marksOf(old.rows);
  const take = (row: Row): Row => {
    const was = before.get(row.technician.id);
    if (was && JSON.stringify(was) === JSON.stringify(row)) return was;
    for (const visit of row.visits) {
      if (marks.get(visit.visit_id) !== markOf(visit)) changed.add(visit.visit_id);
    }
    return row;
  };
  if (!only) return { board: { ...fresh, rows: fresh.rows.map(take) }, changed };
  const came = new Map(fresh.rows.map((row) => [row.technician.id, take(row)]));
  const rows = old.rows.flatMap((row) => {
    const id = row.technician.id;
    if (!only.has(id)) return [row];
    const now = came.get(id); // gone: archived meanwhile
    return now ? [now] : [];
  });
  return { board: { ...old, now: fresh.now, rows }, changed };
}

/** The technicians in whose rows these orders stand. */
export function holders(board: Board, orders: Set<string>): Set<string> {
  const found = board.rows.filter((row) =>
    row.visits.some((visit) => orders.has(visit.service_order_id)),
  );
  return new Set(found.map((row) => row.technician.id));
}

function marksOf(rows: Row[]): Map<string, string> {
  return new Map(rows.flatMap((row) => row.visits.map((visit) => [visit.visit_id, markOf(visit)])));
}

function markOf(visit: Visit): string {
  const { version, visit_version, technician_status, seen_at, outcome } = visit;
  return [version, visit_version, technician_status, seen_at, outcome, visit.start].join();
}
