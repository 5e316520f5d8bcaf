/** What the server told of a technician, with its times as numbers, read once when it arrives. */

import { fold } from "../shared/match.ts";
import { MINUTE } from "../shared/clock.ts";
import type { Absence, Row, Visit } from "./types.ts";

export interface Block {
  start: number;
  end: number;
}

export interface Away extends Block {
  id: string;
  label: string;
  kind: Absence["kind"];
}

export interface Bar extends Block {
  key: string;
  visit: Visit;
  technician: string;
  /** What is drawn of it under others at the same time: level of levels. */
  level: number;
  levels: number;
  /** The drive to it, as long as it takes, and whether there is the time for it. */
  travel: { start: number; end: number; minutes: number; tight: boolean } | null;
  /** What really happened: on the way, and there. Without an end it goes on. */
  departed: number | null;
  arrived: number | null;
  closed: number | null;
  expected: number;
  found: string;
}

export interface BoardRow {
  id: string;
  name: string;
  initials: string;
  under: string;
  row: Row;
  hours: Block[];
  absences: Away[];
  bars: Bar[];
  found: string;
}

const read = new WeakMap<Row, BoardRow>();

/** The same answer for the same row: what did not change is not drawn again. */
export function rowRead(row: Row): BoardRow {
  let found = read.get(row);
  if (!found) {
    found = rowMade(row);
    read.set(row, found);
  }
  return found;
}

function rowMade(row: Row): BoardRow {
  const { id, name } = row.technician;
  const bars = row.visits.map((visit) => barMade(visit, id));
  bars.sort((one, other) => one.start - other.start || one.end - other.end);
  stack(bars);
  drive(bars);
  return {
    id,
    name,
    initials: row.initials,
    under: [...row.teams, ...row.skills].map((one) => one.name).join(", "),
    row,
    hours: row.hours.map(blockOf),
    absences: row.absences.map((one) => ({ ...one, ...blockOf(one) })),
    bars,
    found: fold(name),
  };
}

function blockOf(span: { start: string; end: string }): Block {
  return { start: Date.parse(span.start), end: Date.parse(span.end) };
}

function moment(iso: string | null): number | null {
  return iso ? Date.parse(iso) : null;
}

function barMade(visit: Visit, technician: string): Bar {
  return {
    key: `${visit.visit_id}@${technician}`,
    visit,
    technician,
    ...blockOf(visit),
    level: 0,
    levels: 1,
    travel: null,
    departed: moment(visit.happened.departed_at),
    arrived: moment(visit.happened.arrived_at),
    closed: moment(visit.happened.closed_at),
    expected: Date.parse(visit.course.end),
    found: fold(`${visit.number} ${visit.customer} ${visit.town}`),
  };
}

/** What overlaps stands one under the other, so that nothing hides. */
function stack(bars: Bar[]): void {
  let group: Bar[] = [];
  let ends: number[] = [];
  const close = () => {
    for (const bar of group) bar.levels = ends.length;
    group = [];
    ends = [];
  };
  for (const bar of bars) {
    if (group.length && ends.every((end) => end <= bar.start)) close();
    const free = ends.findIndex((end) => end <= bar.start);
    bar.level = free < 0 ? ends.length : free;
    ends[bar.level] = bar.end;
    group.push(bar);
  }
  close();
}

/** The drive before each visit. Where it takes longer than there is time, it says so. */
function drive(bars: Bar[]): void {
  let before = -Infinity;
  for (const bar of bars) {
    const minutes = bar.visit.course.travel_minutes;
    if (minutes && bar.start > before) {
      const start = Math.max(before, bar.start - minutes * MINUTE);
      const tight = bar.start - minutes * MINUTE < before && bar.visit.open;
      bar.travel = { start, end: bar.start, minutes, tight };
    }
    before = Math.max(before, bar.end);
  }
}

/** How late a visit is now: as it was told, and by as much more as nobody has gone there. */
export function lateOf(bar: Bar, now: number): number {
  const { open, technician_status, course } = bar.visit;
  if (!open) return 0;
  const waiting = technician_status === "planned" && bar.arrived === null;
  const since = waiting ? Math.floor((now - bar.start) / MINUTE) : 0;
  return Math.max(course.late_minutes, since, 0);
}

/** What lies between blocks that are in order of time. */
export function between(blocks: Block[], start: number, end: number): Block[] {
  const gaps: Block[] = [];
  let at = start;
  for (const block of blocks) {
    if (block.end <= start || block.start >= end) continue;
    if (block.start > at) gaps.push({ start: at, end: block.start });
    at = Math.max(at, block.end);
  }
  if (at < end) gaps.push({ start: at, end });
  return gaps;
}

/** The visits of a row that a slot would overlap, those left out that go away with it. */
export function overlapped(bars: Bar[], start: number, end: number, but: Set<string>): Bar[] {
  return bars.filter(
    (bar) =>
      bar.visit.open && bar.start < end && bar.end > start && !but.has(bar.visit.service_order_id),
  );
}

/** Every span of the rows that the drawn hours must hold, cut to the range. */
export function* spansOf(
  rows: BoardRow[],
  start: number,
  end: number,
): Generator<[number, number]> {
  for (const row of rows) {
    for (const blocks of [row.hours, row.bars]) {
      for (const block of blocks) {
        const from = Math.max(block.start, start);
        const until = Math.min(block.end, end);
        if (from < until) yield [from, until];
      }
    }
  }
}
