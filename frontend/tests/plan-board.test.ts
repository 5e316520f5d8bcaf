import { describe, expect, it } from "vitest";
import { followed, holders } from "../src/planning/boards.ts";
import { Clock, MINUTE } from "../src/shared/clock.ts";
import { pull } from "../src/planning/drag.ts";
import { carrying, walking } from "../src/planning/keys.ts";
import { lookOf } from "../src/planning/marks.ts";
import { HEADING, lineAt, linesOf, rowsWanted, topsOf, windowOf } from "../src/planning/lines.ts";
import { endOf, movesOf, stretched, together } from "../src/planning/moves.ts";
import type { Subject } from "../src/planning/subjects.ts";
import { between, lateOf, overlapped, rowRead } from "../src/planning/rows.ts";
import type { Board, Row, Visit } from "../src/planning/types.ts";

const clock = new Clock("Europe/Brussels", "en");
const at = (iso: string) => Date.parse(`2026-11-24T${iso}:00Z`);
const iso = (time: string) => `2026-11-24T${time}:00Z`;

function visit(id: string, start: string, end: string, more: Partial<Visit> = {}): Visit {
  return {
    visit_id: id,
    visit_version: 1,
    service_order_id: `order-${id}`,
    number: `SO-${id}`,
    version: 1,
    title: "",
    customer: "Lemaire",
    town: "Wavre",
    type: "Breakdown",
    type_icon: "bolt",
    priority: "normal",
    absent_count: 0,
    technician_status: "planned",
    open: true,
    outcome: null,
    helper: false,
    pinned: false,
    allow_overlap: false,
    vehicle_id: null,
    promise_from: null,
    promise_to: null,
    promise_broken: false,
    seen_at: null,
    target_at: null,
    target_late: false,
    late_report: false,
    happened: { departed_at: null, arrived_at: null, closed_at: null },
    start: iso(start),
    end: iso(end),
    course: {
      start: iso(start),
      end: iso(end),
      late_minutes: 0,
      travel_minutes: null,
      kilometres: null,
      travel_is_estimate: true,
    },
    ...more,
  };
}

function row(id: string, visits: Visit[] = [], more: Partial<Row> = {}): Row {
  return {
    technician: { id, name: `Name ${id}` },
    initials: id,
    skills: [],
    teams: [],
    hours: [],
    absences: [],
    holidays: [],
    visits,
    ...more,
  };
}

function board(rows: Row[]): Board {
  return {
    first: "2026-11-24",
    last: "2026-11-24",
    now: iso("09:00"),
    zone: "Europe/Brussels",
    rows,
  };
}

describe("the look of a visit", () => {
  const colour = (more: Partial<Visit>) => lookOf(visit("1", "08:00", "09:00", more)).colour;

  it("is its status while it is open, and when it is done", () => {
    expect(colour({ technician_status: "en_route" })).toBe("co-k-en_route");
    expect(colour({ technician_status: "done", open: false, outcome: "done" })).toBe("co-k-done");
  });

  it.each([
    ["handed_back", "arrow-back"],
    ["customer_absent", "user-off"],
  ])("is its outcome once it ended otherwise, whatever its last status: %s", (outcome, icon) => {
    for (const technician_status of ["planned", "en_route", "working"]) {
      const ended = visit("1", "08:00", "09:00", { technician_status, open: false, outcome });
      const word = `board.outcome.${outcome}`;
      expect(lookOf(ended)).toEqual({ colour: "co-k-ended", icon, word });
    }
  });
});

describe("a row", () => {
  it("is read once", () => {
    const one = row("a", [visit("1", "08:00", "09:00")]);
    expect(rowRead(one)).toBe(rowRead(one));
  });

  it("puts what overlaps one under the other, and what does not beside", () => {
    const { bars } = rowRead(
      row("a", [
        visit("1", "08:00", "10:00"),
        visit("2", "09:00", "11:00"),
        visit("3", "11:00", "12:00"),
      ]),
    );
    expect(bars.map((bar) => [bar.level, bar.levels])).toEqual([
      [0, 2],
      [1, 2],
      [0, 1],
    ]);
  });

  it("draws the drive as long as it takes, and says where there is no time for it", () => {
    const drive = (minutes: number) => ({
      ...visit("0", "08:00", "09:00").course,
      travel_minutes: minutes,
    });
    const { bars } = rowRead(
      row("a", [
        visit("1", "08:00", "09:00"),
        visit("2", "10:00", "11:00", { course: drive(30) }),
        visit("3", "11:15", "12:00", { course: drive(40) }),
      ]),
    );
    expect(bars[1]?.travel).toEqual({
      start: at("09:30"),
      end: at("10:00"),
      minutes: 30,
      tight: false,
    });
    expect(bars[2]?.travel).toEqual({
      start: at("11:00"),
      end: at("11:15"),
      minutes: 40,
      tight: true,
    });
  });

  it("is late by as much as nobody has gone there, and not once somebody has", () => {
    const [waiting] = rowRead(row("a", [visit("1", "08:00", "09:00")])).bars;
    expect(waiting && lateOf(waiting, at("08:25"))).toBe(25);
    const arrived = { departed_at: null, arrived_at: iso("08:05"), closed_at: null };
    const there = visit("2", "08:00", "09:00", { technician_status: "working", happened: arrived });
    const [working] = rowRead(row("a", [there])).bars;
    expect(working && lateOf(working, at("08:25"))).toBe(0);
    const [closed] = rowRead(row("a", [visit("3", "08:00", "09:00", { open: false })])).bars;
    expect(closed && lateOf(closed, at("12:00"))).toBe(0);
  });

  it("knows what a slot would overlap, but for what goes with it", () => {
    const { bars } = rowRead(
      row("a", [visit("1", "08:00", "10:00"), visit("2", "11:00", "12:00")]),
    );
    const found = (but: string[]) =>
      overlapped(bars, at("09:30"), at("11:00"), new Set(but)).map((bar) => bar.visit.number);
    expect(found([])).toEqual(["SO-1"]);
    expect(found(["order-1"])).toEqual([]);
  });

  it("is off between its hours", () => {
    const hours = [
      { start: 10, end: 20 },
      { start: 25, end: 40 },
    ];
    expect(between(hours, 0, 50)).toEqual([
      { start: 0, end: 10 },
      { start: 20, end: 25 },
      { start: 40, end: 50 },
    ]);
    expect(between(hours, 12, 18)).toEqual([]);
  });
});

describe("rows wanted", () => {
  const north = { id: "n", name: "North" };
  const gas = { id: "g", name: "Gas" };
  const rows = [
    row("a", [visit("1", "08:00", "09:00", { customer: "École Les Érables" })], { teams: [north] }),
    row("b", [], { skills: [gas] }),
  ].map(rowRead);
  const ids = (wanted: Partial<{ team: string; skill: string; q: string }>) =>
    rowsWanted(rows, { team: "", skill: "", q: "", ...wanted }).map((one) => one.id);

  it("are found by name, and by what their visits say, accents or not", () => {
    expect(ids({ q: "name b" })).toEqual(["b"]);
    expect(ids({ q: "erables" })).toEqual(["a"]);
    expect(ids({ q: "nowhere" })).toEqual([]);
    expect(ids({ team: "n" })).toEqual(["a"]);
    expect(ids({ skill: "g" })).toEqual(["b"]);
  });

  it("stand under their groups, who has none at the end", () => {
    const lines = linesOf(rows, "team", [north], "No team");
    expect(lines.map((line) => (line.kind === "row" ? line.row.id : line.name))).toEqual([
      "North",
      "a",
      "No team",
      "b",
    ]);
    expect(topsOf(lines, 50)).toEqual([
      0,
      HEADING,
      HEADING + 50,
      2 * HEADING + 50,
      2 * HEADING + 100,
    ]);
  });
});

describe("the window", () => {
  const tops = topsOf(
    Array.from({ length: 200 }, (_, count) => ({
      kind: "row" as const,
      key: `${count}`,
      row: rowRead(row(`${count}`)),
    })),
    50,
  );

  it("knows the line at a height", () => {
    expect(lineAt(tops, 0)).toBe(0);
    expect(lineAt(tops, 49)).toBe(0);
    expect(lineAt(tops, 50)).toBe(1);
    expect(lineAt(tops, 99_999)).toBe(199);
  });

  it("draws what is in it and a few beside, never all", () => {
    expect(windowOf(tops, 0, 600)).toEqual([0, 16]);
    const [first, after] = windowOf(tops, 5000, 600);
    expect(first).toBeGreaterThan(90);
    expect(after).toBeLessThan(122);
    expect(windowOf(tops, 99_999, 600)[1]).toBe(200);
    expect(windowOf(topsOf([], 50), 0, 600)).toEqual([0, 0]);
  });
});

function subject(
  id: string,
  technician: string | null,
  start: string | null,
  minutes = 60,
): Subject {
  return {
    order_id: `order-${id}`,
    version: 3,
    number: `SO-${id}`,
    customer: "",
    town: "",
    priority: "normal",
    minutes,
    visit_id: start ? id : null,
    technician_id: technician,
    start: start && iso(start),
  };
}

describe("what is carried", () => {
  const rows = ["a", "b", "c"];

  it("goes together, by the same time and as many rows", () => {
    const carried = [subject("1", "a", "08:00"), subject("2", "b", "10:00", 90)];
    const slots = together(
      clock,
      carried,
      { technician: "b", start: at("08:45"), minutes: 60 },
      rows,
    );
    expect(slots).toEqual([
      { technician: "b", start: at("08:45"), minutes: 60 },
      { technician: "c", start: at("10:45"), minutes: 90 },
    ]);
  });

  it("keeps its row where there is none below", () => {
    const carried = [subject("1", "a", "08:00"), subject("2", "c", "10:00")];
    const slots = together(
      clock,
      carried,
      { technician: "b", start: at("08:00"), minutes: 60 },
      rows,
    );
    expect(slots[1]?.technician).toBe("c");
  });

  it("keeps the hour on the wall over a change of the clock", () => {
    const saturday = { ...subject("2", "a", "08:00"), start: "2026-10-24T08:00:00Z" };
    const first = { ...subject("1", "a", "08:00"), start: "2026-10-24T06:00:00Z" };
    const target = { technician: "a", start: Date.parse("2026-10-25T07:00:00Z"), minutes: 60 };
    const slots = together(clock, [first, saturday], target, rows);
    expect(slots.map((slot) => clock.time(slot.start))).toEqual(["08:00", "10:00"]);
  });

  it("follows one another when it comes from the pile", () => {
    const carried = [subject("1", null, null, 45), subject("2", null, null, 30)];
    const slots = together(
      clock,
      carried,
      { technician: "a", start: at("08:00"), minutes: 45 },
      rows,
    );
    expect(slots.map((slot) => [slot.start, slot.minutes])).toEqual([
      [at("08:00"), 45],
      [at("08:45"), 30],
    ]);
  });

  it("asks for nothing where all stays where it is", () => {
    const one = subject("1", "a", "08:00");
    expect(movesOf([one], [{ technician: "a", start: at("08:00"), minutes: 60 }])).toEqual([]);
    expect(movesOf([one], [{ technician: "a", start: at("08:15"), minutes: 60 }])).toEqual([
      {
        service_order_id: "order-1",
        version: 3,
        visit_id: "1",
        technician_id: "a",
        start: iso("08:15"),
        duration_minutes: 60,
        allow_overlap: false,
      },
    ]);
  });

  it("is stretched at one end while the other stays, and is never nothing", () => {
    const slot = { technician: "a", start: at("08:00"), minutes: 60 };
    expect(stretched(slot, "end", at("09:30")).minutes).toBe(90);
    expect(stretched(slot, "start", at("07:30"))).toEqual({
      ...slot,
      start: at("07:30"),
      minutes: 90,
    });
    expect(stretched(slot, "end", at("07:00")).minutes).toBe(15);
    expect(endOf(stretched(slot, "start", at("12:00")))).toBe(at("09:00"));
    expect(stretched(slot, "end", at("08:00") + 5000 * MINUTE).minutes).toBe(24 * 60);
  });

  it("scrolls the board at its edges, faster further out, and not from far away", () => {
    expect(pull(300, 100, 700)).toBe(0);
    expect(pull(100, 100, 700)).toBe(-18);
    expect(pull(690, 100, 700)).toBeGreaterThan(10);
    expect(pull(900, 100, 700)).toBe(0);
  });
});

describe("keys", () => {
  const key = (name: string, more = {}) => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });

  it("walk while nothing is carried", () => {
    expect(walking(key("ArrowDown"))).toEqual({ do: "lines", by: 1 });
    expect(walking(key("ArrowRight"))).toEqual({ do: "bars", by: 1 });
    expect(walking(key(" "))).toEqual({ do: "pick" });
    expect(walking(key("Enter"))).toEqual({ do: "open" });
    expect(walking(key("ArrowRight", { altKey: true }))).toEqual({ do: "stretch", quarters: 1 });
    expect(walking(key("-"))).toEqual({ do: "stretch", quarters: -1 });
    expect(walking(key("Tab"))).toBeNull();
    expect(walking(key("o", { ctrlKey: true }))).toBeNull();
  });

  it("carry while something is", () => {
    expect(carrying(key("ArrowLeft"))).toEqual({ do: "shift", quarters: -1 });
    expect(carrying(key("ArrowRight", { shiftKey: true }))).toEqual({ do: "shift", quarters: 4 });
    expect(carrying(key("ArrowUp"))).toEqual({ do: "lines", by: -1 });
    expect(carrying(key("Enter"))).toEqual({ do: "drop" });
    expect(carrying(key("Escape"))).toEqual({ do: "back" });
    expect(carrying(key("z", { ctrlKey: true }))).toBeNull();
  });
});

describe("a board read again", () => {
  const first = board([
    row("a", [visit("1", "08:00", "09:00")]),
    row("b", [visit("2", "08:00", "09:00")]),
  ]);

  it("keeps the rows that say the same, and names the visits that changed", () => {
    const moved = visit("2", "10:00", "11:00", { version: 2 });
    const { board: next, changed } = followed(
      first,
      structuredClone(board([first.rows[0] as Row, row("b", [moved])])),
    );
    expect(next.rows[0]).toBe(first.rows[0]);
    expect(next.rows[1]).not.toBe(first.rows[1]);
    expect([...changed]).toEqual(["2"]);
  });

  it("does not call a change what only turned out later than thought", () => {
    const late = visit("1", "08:00", "09:00");
    late.course = { ...late.course, late_minutes: 9 };
    const { changed } = followed(first, board([row("a", [late]), first.rows[1] as Row]));
    expect(changed.size).toBe(0);
  });

  it("of some technicians leaves the others where they are", () => {
    const { board: next } = followed(first, board([row("b", [])]), new Set(["b"]));
    expect(next.rows.map((one) => [one.technician.id, one.visits.length])).toEqual([
      ["a", 1],
      ["b", 0],
    ]);
  });

  it("knows in whose rows an order stands", () => {
    expect([...holders(first, new Set(["order-2"]))]).toEqual(["b"]);
  });
});
