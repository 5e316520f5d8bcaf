import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { linePieces, type Path, packed, ringIn } from "../build/clipping.ts";
import { comparedLines } from "../src/map/comparing.ts";
import { Day } from "../src/map/day.svelte.ts";
import { along, around, bent, shapesOf, stopKey, subjectOf } from "../src/map/features.ts";
import { featuresOf, squaresIn, unpacked } from "../src/map/ground.ts";
import { fontOf, lettered } from "../src/map/letters.ts";
import { keepHidden } from "../src/map/keeping.ts";
import { placeIn, strideOf } from "../src/map/pin.ts";
import { type DrawnRoute, proposedDay } from "../src/map/proposal.ts";
import { sumOf } from "../src/map/totals.ts";
import type { Leg, MapDay, Place, Stop, Traveller, Unplanned } from "../src/map/types.ts";
import { SETTINGS, spoken } from "./planning.ts";

function stop(nth: number, values: Partial<Stop> = {}): Stop {
  return {
    order_id: `o${nth}`,
    visit_id: `v${nth}`,
    version: 1,
    number: `SO-00${nth}`,
    nth,
    title: "Boiler is cold",
    customer: "Boulangerie Lemaire",
    town: "Namur",
    lng: 4.8 + nth / 10,
    lat: 50.4,
    status: "planned",
    status_label: "Planned",
    stage: "planned",
    type: "Repair",
    priority: "normal",
    urgent: false,
    start: "2026-11-24T08:00:00Z",
    end: "2026-11-24T09:00:00Z",
    expected_start: "2026-11-24T08:00:00Z",
    expected_end: "2026-11-24T09:00:00Z",
    promise_from: null,
    promise_to: null,
    late_minutes: 0,
    pinned: false,
    open: true,
    helper: false,
    ...values,
  };
}

function technician(id: string, stops: Stop[], values: Partial<Traveller> = {}): Traveller {
  const totals = {
    orders: stops.length,
    driving_minutes: 60,
    kilometres: 40,
    waiting_minutes: 0,
    lateness_minutes: 0,
    first: null,
    last: null,
  };
  const rest = { colour: 0, base: null, position: null, legs: [] };
  return { id, name: id, initials: "AA", totals, stops, ...rest, ...values };
}

const ORDER: Unplanned = {
  order_id: "u1",
  version: 3,
  number: "SO-009",
  title: "No hot water",
  customer: "Garage Noord",
  town: "Gent",
  lng: 3.7,
  lat: 51.05,
  priority: "urgent",
  urgent: true,
  due: null,
  left: "",
  duration_minutes: 45,
};

function map(values: Partial<MapDay> = {}): MapDay {
  return {
    day: "2026-11-24",
    now: "2026-11-24T10:00:00Z",
    is_estimate: true,
    estimate: "Travel is an estimate",
    technicians: [technician("t1", [stop(1), stop(2)], { base: [4.35, 50.85] })],
    unplanned: [ORDER],
    unplanned_count: "1",
    without_position: [],
    ...values,
  };
}

const PLAIN = { span: (from: string, to: string) => `${from}/${to}`, leg: () => "" };

beforeAll(() => spoken());

describe("the ground", () => {
  const square: Path = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
  ];

  it("is cut at the edges of its square, and nothing of it is left elsewhere", () => {
    const half = ringIn(square, [2, -1, 9, 9]);
    expect(Math.min(...half.map(([x]) => x))).toBe(2);
    expect(half).toHaveLength(4);
    expect(ringIn(square, [5, 5, 9, 9])).toEqual([]);
    expect(ringIn(square, [-1, -1, 9, 9])).toEqual(square);
  });

  it("parts a line where it leaves a square, both pieces with the point between", () => {
    const line: Path = [
      [0.2, 0],
      [0.8, 0],
      [1.4, 0],
    ];
    expect(linePieces(line, ([x]) => String(Math.floor(x)))).toEqual([
      ["0", line.slice(0, 2)],
      ["1", line.slice(1)],
    ]);
  });

  it("comes out as it was packed, without what is too small to see", () => {
    const numbers = packed(
      [
        [4.1234, 50],
        [4.1232, 50],
        [4.2, 50.5],
      ],
      1000,
    );
    expect(unpacked(numbers, 1000)).toEqual([
      [4.123, 50],
      [4.2, 50.5],
    ]);
    const sheet = { parts: 10, land: [[0, 0, 10, 0, 0, 10]], lakes: [], rivers: [], borders: [] };
    const [land, town] = featuresOf({ ...sheet, towns: [[44, 512, 57, "Antwerpen"]] });
    expect(land?.geometry).toMatchObject({
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    });
    expect(town?.properties).toEqual({ kind: "town", size: 57, name: "Antwerpen" });
  });

  it("asks for the squares in view alone, around the world too", () => {
    expect(squaresIn(3, 45, 6, 52).sort()).toEqual(["18_13", "18_14"]);
    expect(squaresIn(363, 45, 366, 49)).toEqual(["18_13"]);
    expect(squaresIn(-40, 45, -31, 49)).toEqual([]);
  });
});

describe("what the map draws", () => {
  it("has a mark for each stop with a place, in its order, and for each order to plan", () => {
    const day = map({
      technicians: [technician("t1", [stop(1), stop(2, { lng: null, lat: null })])],
    });
    const { marks } = shapesOf(day, day.technicians, true, PLAIN);
    expect(marks.features.map((one) => one.properties?.key)).toEqual([
      "order:u1",
      stopKey("v1", "t1"),
    ]);
    expect(shapesOf(day, [], false, PLAIN).marks.features).toEqual([]);
  });

  it("keeps apart the marks of who goes along", () => {
    const helper = technician("t2", [stop(1, { helper: true })]);
    const day = map({ technicians: [technician("t1", [stop(1)]), helper] });
    const keys = shapesOf(day, day.technicians, false, PLAIN).marks.features;
    expect(new Set(keys.map((one) => one.properties?.key)).size).toBe(2);
  });

  it("bows a line whose road is not known, and follows one that is", () => {
    const bow = bent([
      [4, 50],
      [5, 51],
    ]);
    expect(bow[0]).toEqual([4, 50]);
    expect(bow.at(-1)).toEqual([5, 51]);
    expect(bow.length).toBeGreaterThan(10);
    const road: [number, number][] = [
      [4, 50],
      [4.5, 50.7],
      [5, 51],
    ];
    expect(bent(road)).toBe(road);
  });

  it("says of each leg how long and how far, before its middle", () => {
    const line: [number, number][] = [
      [4, 50],
      [5, 50],
      [5, 51],
    ];
    expect(along(line, 0)).toEqual([4, 50]);
    expect(along(line, 0.25)).toEqual([4.5, 50]);
    expect(along(line, 0.75)).toEqual([5, 50.5]);
    expect(along([line[0] as Place, line[0] as Place], 0.4)).toEqual([4, 50]);
    const leg = { from_nth: 0, to_nth: 1, minutes: 58, kilometres: 48, is_estimate: false };
    const one = technician("t1", [], { legs: [{ ...leg, done: false, line }] });
    const words = { ...PLAIN, leg: ({ minutes }: Leg) => `${minutes} min` };
    const [said] = shapesOf(map(), [one], false, words).words.features;
    expect(said?.properties).toEqual({
      technician: "t1",
      words: "58 min",
      kilometres: 48,
    });
  });

  it("fits around all that is shown", () => {
    const day = map();
    expect(around(day, day.technicians, true)).toEqual([
      [3.7, 50.4],
      [5, 51.05],
    ]);
    expect(around(day, [], false)).toBeNull();
  });
});

describe("a proposal", () => {
  const at = { start: "2026-11-24T11:00:00Z", end: "2026-11-24T12:00:00Z" };
  const route = (...ids: string[]): DrawnRoute => ({
    technician_id: "t1",
    base: [4.35, 50.85],
    stops: ids.map((order_id, nth) => ({
      ...{ ...ORDER, order_id, number: `SO-${order_id}` },
      ...{ ...at, nth: nth + 1, ended: order_id.startsWith("done") },
    })),
    legs: ids.map((_, nth) => ({
      ...{ from_nth: nth, to_nth: nth + 1, minutes: 20, kilometres: 13.5 },
      ...{ is_estimate: true, done: false, line: [] },
    })),
  });

  it("has each stop as the day knows it, at its new place and time, and what is new to the day", () => {
    const day = map({
      technicians: [technician("t1", [stop(1, { status: "working" }), stop(2)])],
    });
    const [one] = proposedDay(day, [route("o1", "u1", "o2")]);
    expect(one?.stops.map((each) => [each.nth, each.number, each.visit_id])).toEqual([
      [1, "SO-001", "v1"],
      [2, "SO-u1", "u1"],
      [3, "SO-002", "v2"],
    ]);
    expect(one?.stops.map((each) => each.expected_start)).toEqual([at.start, at.start, at.start]);
    expect(one?.legs.map((leg) => leg.done)).toEqual([true, false, false]);
    expect(one?.totals).toMatchObject({ orders: 3, driving_minutes: 60, kilometres: 40.5 });
  });

  it("has what is over first, also of an order that is planned once more", () => {
    const over = stop(1, { order_id: "done1", visit_id: "past", open: false, status: "done" });
    const day = map({ technicians: [technician("t1", [over, stop(2)])] });
    const [one] = proposedDay(day, [route("done1", "o2")]);
    expect(one?.stops.map((each) => [each.visit_id, each.open])).toEqual([
      ["past", false],
      ["v2", true],
    ]);
    expect(one?.legs.map((leg) => leg.done)).toEqual([true, false]);
  });

  it("leaves a technician without a route an empty day", () => {
    const [one] = proposedDay(map(), []);
    expect(one?.stops).toEqual([]);
    expect(one?.totals).toMatchObject({ orders: 0, driving_minutes: 0, first: null });
  });

  it("rings the same order in both plans, whoever has it", () => {
    expect(subjectOf(stopKey("v1", "t1"))).toBe(subjectOf(stopKey("v1", "t2")));
    expect(subjectOf("order:u1")).toBe(subjectOf(stopKey("u1", "t1")));
  });

  it("adds up a team in hours, which are no days", () => {
    const long = technician("t1", []);
    long.totals = { ...long.totals, driving_minutes: 24 * 60 + 35, kilometres: 1220.4 };
    expect(sumOf([long])).toContain(" · 24 h 35");
  });

  it("is good where more is served or less driven, and bad where not", () => {
    const before = {
      served: 21,
      urgent_served: 2,
      targets_missed: 2,
      lateness_minutes: 25,
      driving_minutes: 581,
      kilometres: 484,
    };
    const after = {
      ...before,
      served: 24,
      driving_minutes: 600,
      kilometres: 391,
      targets_missed: 1,
      lateness_minutes: 0,
    };
    const lines = comparedLines(before, after);
    expect(lines.map(({ key, sense, change }) => [key, sense, change])).toEqual([
      ["served", "good", "+3"],
      ["urgent_served", "", "="],
      ["targets_missed", "good", "−1"],
      ["lateness_minutes", "good", "−25 min"],
      ["driving_minutes", "bad", "+19 min"],
      ["kilometres", "good", "−19 %"],
    ]);
  });
});

describe("the day", () => {
  const settings = {
    ...SETTINGS,
    day: "2026-11-24",
    query: { stage: "planned" },
    camera: { center: [9, 50] as [number, number], zoom: 4 },
    style: "",
    site: "/sites/{id}/",
    positions: "/positions/",
  };

  function served(answers: Record<string, unknown>) {
    const asked = vi.fn(async (address: string) => {
      const path = address.split("?")[0] ?? "";
      return new Response(JSON.stringify(answers[path]), {
        headers: { "Content-Type": "application/json" },
      });
    });
    vi.stubGlobal("fetch", asked);
    return asked;
  }

  const board = {
    first: "2026-11-24",
    last: "2026-11-24",
    now: "2026-11-24T10:00:00Z",
    zone: "Europe/Brussels",
    rows: [],
  };

  it("asks with the filters of the address, and keeps there what is not shown", async () => {
    history.replaceState(null, "", "/map/?stage=planned&hide=t9");
    const asked = served({ "/api/v1/planning/map": map(), "/api/v1/planning/board": board });
    const day = new Day(settings);
    await day.loadBoard();
    expect(asked.mock.calls.map(([address]) => address)).toContain(
      "/api/v1/planning/map?stage=planned&day=2026-11-24",
    );
    expect(day.shown.map((one) => one.id)).toEqual(["t1"]);
    day.show("t1", false);
    expect(day.shown).toEqual([]);
    expect(new URLSearchParams(location.search).get("hide")).toBe("t9,t1");
    expect(new URLSearchParams(location.search).get("stage")).toBe("planned");
  });

  it("lets nobody pick up what is under way, or who only goes along", async () => {
    const stops = [stop(1, { status: "working" }), stop(2, { helper: true })];
    served({
      "/api/v1/planning/map": map({ technicians: [technician("t1", stops)] }),
      "/api/v1/planning/board": board,
    });
    const day = new Day(settings);
    await day.loadBoard();
    expect(stops.map((one) => day.subjectOf(stopKey(one.visit_id, "t1")))).toEqual([null, null]);
    expect(day.subjectOf("order:u1")).toMatchObject({ order_id: "u1", minutes: 45, version: 3 });
  });

  it("gives an order at the slot that the technician's row answers, and not without one", async () => {
    const asked = served({
      "/api/v1/planning/map": map(),
      "/api/v1/planning/board": board,
      "/api/v1/planning/answers": {
        duration_minutes: 45,
        rows: [
          {
            technician_id: "t1",
            fit: "fits",
            start: "2026-11-24T13:00:00Z",
            end: "2026-11-24T13:45:00Z",
            words: "",
          },
        ],
      },
      "/api/v1/planning/moves": { words: "done", done: [] },
    });
    const day = new Day(settings);
    await day.loadBoard();
    day.pickUp("order:u1");
    expect(await day.give("t1")).toBe(false); // the answers are still on their way
    day.pickUp("order:u1");
    await vi.waitFor(() => expect(day.answers.size).toBe(1));
    expect(await day.give("t1")).toBe(true);
    const [, init] = asked.mock.calls.find(([address]) =>
      address.endsWith("/planning/moves"),
    ) as unknown as [string, RequestInit];
    expect(JSON.parse(String(init.body)).moves).toEqual([
      {
        service_order_id: "u1",
        version: 3,
        visit_id: null,
        technician_id: "t1",
        start: "2026-11-24T13:00:00Z",
        duration_minutes: 45,
        allow_overlap: false,
      },
    ]);
  });
});

describe("a pin", () => {
  it("reads a place from two fields, with a comma too, and nothing from what is none", () => {
    expect(placeIn("50,8466", " 4.3517 ")).toEqual([4.3517, 50.8466]);
    for (const [latitude, longitude] of [
      ["", ""],
      ["50.8", ""],
      ["north", "4"],
      ["91", "4"],
      ["50", "181"],
    ] as const)
      expect(placeIn(latitude, longitude)).toBeNull();
  });

  it("goes by the arrow keys, further with Shift, and by no other key", () => {
    const [near, far] = [strideOf("ArrowUp", false), strideOf("ArrowUp", true)];
    expect(near?.[1]).toBeLessThan(0);
    expect(far?.[1]).toBeLessThan(near?.[1] ?? 0);
    expect(strideOf("Enter", false)).toBeNull();
  });
});

describe("a style of the operator's own", () => {
  const words = (font: unknown) => ({ id: "w", type: "symbol", layout: { "text-font": font } });
  const style = (layers: unknown[], glyphs?: string) =>
    ({ version: 8, sources: {}, layers, ...(glyphs && { glyphs }) }) as StyleSpecification;
  const at = "https://maps.example.com/{fontstack}/{range}.pbf";

  it("lends its letters to our words where it names its own, and else the page's are kept", () => {
    const fill = { id: "land", type: "background" };
    const own = ["Noto Sans Regular"];
    expect(fontOf(style([fill, words(own)], at))).toEqual(own);
    expect(fontOf(style([words(["literal", own])], at))).toEqual(own);
    expect(fontOf(style([fill], at))).toContain("Open Sans Regular");
    expect(fontOf(style([words(own)]))).toBeNull();
    const ours = { id: "a", type: "symbol", source: "marks", layout: { "text-field": "x" } };
    expect(lettered(ours as LayerSpecification, own)).toMatchObject({
      layout: { "text-field": "x", "text-font": own },
    });
    expect(lettered(ours as LayerSpecification, null)).toBe(ours);
  });
});

describe("the next filter", () => {
  it("keeps what is not checked, and other pages hear nothing of it", () => {
    history.replaceState(null, "", "/map/");
    const { pathname } = location;
    document.body.innerHTML = `<div class="co-filters"><a id="same" href="${pathname}?stage=new">New</a>
      <a id="other" href="/orders/?stage=new">List</a></div>`;
    document.addEventListener("click", (event) => event.preventDefault(), { once: false });
    let hidden = "t1,t2";
    const end = keepHidden(() => hidden);
    const [same, other] = ["same", "other"].map((id) => document.getElementById(id)) as [
      HTMLAnchorElement,
      HTMLAnchorElement,
    ];
    same.click();
    other.click();
    expect(new URL(same.href).searchParams.get("hide")).toBe("t1,t2");
    expect(other.href).not.toContain("hide");
    hidden = "";
    same.click();
    expect(same.href).not.toContain("hide");
    end();
  });
});
