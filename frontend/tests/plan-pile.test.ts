import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import Pile from "../src/planning/Pile.svelte";
import { NONE, toggled, upTo } from "../src/planning/pile-choice.ts";
import { filtersOn, narrowedBy, searchWith, WHOLE_PILE } from "../src/planning/pile-query.ts";
import type { Planner } from "../src/planning/planner.svelte.ts";
import { ticking } from "../src/planning/ticking.svelte.ts";
import { hurry, left, length, Words } from "../src/planning/words.ts";
import { item, plannerWith, press, SETTINGS, server, settled, spoken } from "./planning.ts";

const NOW = Date.parse("2026-11-24T09:12:00Z"); // 10:12 in Brussels
let shown: ReturnType<typeof mount> | null = null;

function show(planner: Planner): HTMLElement {
  shown = mount(Pile, { target: document.body, props: { planner } });
  flushSync();
  return document.body;
}

function card(id: string): HTMLElement {
  return document.querySelector<HTMLElement>(`[data-order="${id}"]`) as HTMLElement;
}

function opener(id: string): HTMLElement {
  return card(id).querySelector<HTMLElement>("[data-pile-open]") as HTMLElement;
}

beforeAll(spoken);
beforeEach(() => {
  ticking.now = NOW;
  history.replaceState(null, "", "/planning/?day=2026-11-24");
});
afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe("times in words", () => {
  const words = new Words(SETTINGS);
  it("say lengths as the rest of the product does", () => {
    expect([25, 120, 130, 1500].map(length)).toEqual(["25 min", "2 h", "2 h 10", "1 d"]);
  });
  it("say how much of a response target is left, and by how much it is overdue", () => {
    expect(left("2026-11-24T11:00:00Z", NOW)).toBe("1 h 48 left");
    expect(left("2026-11-24T08:47:00Z", NOW)).toBe("25 min overdue");
    expect(left("2026-11-24T09:11:50Z", NOW)).toBe("1 min overdue");
  });
  it("call less than four hours a risk, and none of it late", () => {
    expect(hurry("2026-11-24T13:11:00Z", NOW)).toBe("risk");
    expect(hurry("2026-11-24T13:13:00Z", NOW)).toBe("calm");
    expect(hurry("2026-11-24T09:12:00Z", NOW)).toBe("late");
  });
  it("go by the company's clock, with the day where it is not today's", () => {
    expect(words.near("2026-11-24T11:00:00Z", NOW)).toBe("12:00");
    expect(words.near("2026-11-25T08:00:00Z", NOW)).toBe("Wed 09:00");
    expect(words.near("2026-12-04T08:00:00Z", NOW)).toBe("Fri 4 Dec");
    expect(words.slot({ start: "2026-11-24T10:00:00Z", end: "2026-11-24T11:30:00Z" })).toBe(
      "Tue 24 Nov, 11:00–12:30",
    );
  });
  it("find the moment that the company's clock shows, in summer and in winter", () => {
    expect(words.moment("2026-11-24", "11:00")).toBe("2026-11-24T10:00:00.000Z");
    expect(words.moment("2026-07-01", "11:00")).toBe("2026-07-01T09:00:00.000Z");
  });
});

describe("the address of the pile", () => {
  const query = {
    ...WHOLE_PILE,
    tab: "waiting",
    skill_id: "gas",
    at_risk: true,
    q: "lem",
  } as const;
  it("keeps what narrows it beside what the board keeps there", () => {
    const search = searchWith("?day=2026-11-24", query);
    expect(search).toBe("?day=2026-11-24&pile=waiting&pskill=gas&pq=lem&prisk=true");
    expect(narrowedBy(search)).toEqual(query);
    expect(searchWith(search, { ...WHOLE_PILE })).toBe("?day=2026-11-24");
  });
  it("counts the filters that do not show by themselves", () => {
    expect(filtersOn(query)).toBe(2);
  });
});

describe("several cards", () => {
  const ids = ["a", "b", "c", "d"];
  it("are chosen one by one, and in a row from the first", () => {
    const two = toggled(toggled(NONE, "d"), "a");
    expect([...two.ids].sort()).toEqual(["a", "d"]);
    expect([...upTo(two, "c", ids).ids].sort()).toEqual(["a", "b", "c", "d"]);
    expect([...toggled(two, "d").ids]).toEqual(["a"]);
  });
});

describe("a card of the pile", () => {
  it("says what a dispatcher decides by, and nothing that is not true", () => {
    show(
      plannerWith([
        item({ priority: "urgent", absent_count: 1, due_at: "2026-11-24T11:00:00Z" }),
        item({ id: "b", number: "SO-001049", position: null }),
      ]),
    );
    const first = card("a").textContent;
    for (const words of [
      "SO-001052",
      "Boulangerie Lemaire",
      "Wavre",
      "Boiler is cold",
      "Breakdown",
    ]) {
      expect(first).toContain(words);
    }
    expect(first).toContain("by 12:00");
    expect(first).toContain("1 h 48 left");
    expect(first).toContain("absent x1");
    expect(first).toContain("board.priority.urgent");
    expect(card("b").textContent).toContain("planning.pile.no_position");
    expect(card("b").querySelector(".co-prio, .co-late, .co-pile-left")).toBeNull();
  });

  it("counts down by itself, and is overdue in words", () => {
    show(plannerWith([item({ due_at: "2026-11-24T11:00:00Z" })]));
    expect(card("a").querySelector(".co-pile-left.is-risk")?.textContent).toBe("1 h 48 left");
    ticking.now = Date.parse("2026-11-24T11:25:00Z");
    flushSync();
    expect(card("a").querySelector(".co-late")?.textContent?.trim()).toBe("25 min overdue");
    expect(card("a").querySelector(".co-pile-left")).toBeNull();
  });

  it("does not count down while it waits for something", () => {
    const planner = plannerWith([
      item({ due_at: "2026-11-24T08:00:00Z", waiting_for: "part", waiting_until: "2026-12-04" }),
    ]);
    planner.pileQuery.tab = "waiting";
    show(planner);
    expect(card("a").textContent).toContain("part until Fri 4 Dec");
    expect(card("a").querySelector(".co-late, .co-pile-left")).toBeNull();
  });
});

describe("the pile", () => {
  const three = () => plannerWith([item(), item({ id: "b" }), item({ id: "c" })]);

  it("is one stop of the Tab key, walked with the arrows", async () => {
    show(three());
    expect(document.querySelectorAll('[data-pile-open][tabindex="0"]')).toHaveLength(1);
    opener("a").focus();
    press(document.activeElement, "ArrowDown");
    await settled();
    expect(document.activeElement).toBe(opener("b"));
    press(document.activeElement, "End");
    await settled();
    expect(document.activeElement).toBe(opener("c"));
  });

  it("asks for suggestions at a press, and picks up with Space all that are chosen", () => {
    const planner = three();
    server({ "planning/answers": [{ rows: [] }] });
    show(planner);
    opener("b").click();
    expect(planner.asked?.order_id).toBe("b");
    opener("a").dispatchEvent(new MouseEvent("click", { bubbles: true, ctrlKey: true }));
    opener("c").dispatchEvent(new MouseEvent("click", { bubbles: true, ctrlKey: true }));
    flushSync();
    expect(document.body.textContent).toContain("2 chosen");
    press(opener("c"), " ");
    expect(planner.picked.map((one) => one.order_id)).toEqual(["c", "a"]);
  });

  it("gives the pointer's pull to the board, and takes no click for one", () => {
    const planner = three();
    const drag = vi.fn();
    planner.drag = drag;
    show(planner);
    const at = (clientX: number) => ({ bubbles: true, clientX, clientY: 10, detail: 1 });
    opener("a").dispatchEvent(new PointerEvent("pointerdown", at(10)));
    expect(drag.mock.calls[0]?.[1].map((one: { order_id: string }) => one.order_id)).toEqual(["a"]);
    opener("a").dispatchEvent(new MouseEvent("click", at(200)));
    expect(planner.asked).toBeNull();
    opener("a").dispatchEvent(new PointerEvent("pointerdown", { ...at(10), pointerType: "touch" }));
    expect(drag).toHaveBeenCalledTimes(1);
  });

  it("plans with the best at one key", async () => {
    const slot = { start: "2026-11-24T10:00:00Z", end: "2026-11-24T11:30:00Z" };
    const planner = three();
    const asked = server({
      "planning/board": [planner.board],
      "planning/pile": [planner.pile],
      "planning/suggestions": [{ items: [{ technician: { id: "jeroen" }, ...slot }], soonest: [] }],
      "planning/moves": [{ words: "planned", done: [] }],
    });
    show(planner);
    press(opener("b"), "b");
    await settled();
    const move = asked.find((one) => one.path === "planning/moves")?.body?.moves;
    expect(move).toEqual([
      {
        service_order_id: "b",
        version: 1,
        visit_id: null,
        technician_id: "jeroen",
        start: slot.start,
        duration_minutes: 90,
        allow_overlap: false,
      },
    ]);
  });

  it("links the chosen ones to auto-plan, where there is one", () => {
    show(three());
    for (const id of ["a", "b"]) card(id).querySelector<HTMLElement>("input")?.click();
    flushSync();
    const link = document.querySelector<HTMLAnchorElement>(".co-pile-bulk a");
    expect(link?.getAttribute("href")).toBe("/plan/by-itself/?order=a&order=b");
  });

  it("keeps its filters in the address and clears them at one press", async () => {
    const asked = server({ "planning/pile": [{ counts: {}, items: [] }] });
    const planner = three();
    show(planner);
    const skill = document.querySelector<HTMLSelectElement>("#co-pile-skill_id");
    if (skill) skill.value = "gas";
    skill?.dispatchEvent(new Event("change", { bubbles: true }));
    await settled();
    expect(location.search).toBe("?day=2026-11-24&pskill=gas");
    expect(asked.at(-1)?.path).toContain("skill_id=gas");
    expect(document.body.textContent).toContain("planning.pile.none_found");
    document.querySelector<HTMLElement>(".co-pile-none button")?.click();
    await settled();
    expect(location.search).toBe("?day=2026-11-24");
    expect(asked.at(-1)?.path).not.toContain("skill_id");
  });

  it("gives the focus to the next card when the one that had it was planned", async () => {
    const planner = three();
    show(planner);
    opener("b").focus();
    planner.pile = { ...planner.pile, items: [item(), item({ id: "c" })] } as Planner["pile"];
    await settled();
    expect(document.activeElement).toBe(opener("c"));
  });

  it("says what to do where nothing is left", () => {
    show(plannerWith([]));
    expect(document.body.textContent).toContain("planning.pile.none_to_plan");
  });
});
