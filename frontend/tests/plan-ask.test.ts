import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import Ask from "../src/planning/Ask.svelte";
import { address } from "../src/planning/api.ts";
import { figuresOf } from "../src/planning/figures.ts";
import type { Again, Question } from "../src/planning/planner.svelte.ts";
import { moveInQuestion, promiseAround, promiseChosen } from "../src/planning/questions.ts";
import { initialsOf } from "../src/planning/suggest.ts";
import type { Move, Option, Refusal, Remedy } from "../src/planning/types.ts";
import { Words } from "../src/planning/words.ts";
import { item, plannerWith, SETTINGS, spoken } from "./planning.ts";

const words = new Words(SETTINGS);
const JEROEN = { id: "jeroen", name: "Jeroen Claes" };
const MOVE: Move = {
  service_order_id: "a",
  version: 1,
  visit_id: null,
  technician_id: "sofie",
  start: "2026-11-24T10:00:00Z",
  duration_minutes: 90,
  allow_overlap: false,
};
const LATER: Remedy = {
  kind: "another_technician",
  words: "Jeroen Claes, 14:00 instead",
  technician: JEROEN,
  start: "2026-11-24T13:00:00Z",
  end: "2026-11-24T14:30:00Z",
};
const OVERLAP: Remedy = {
  ...LATER,
  kind: "allow_overlap",
  words: "Allow the overlap on purpose",
  technician: { id: "sofie", name: "Sofie De Smet" },
  start: MOVE.start,
  end: "2026-11-24T11:30:00Z",
};
const PROMISE = {
  from: "2026-11-24T08:00:00Z",
  to: "2026-11-24T10:00:00Z",
  customer: "Boulangerie Lemaire",
  contact: "Bruno",
  phone: "+3210123456",
};
let shown: ReturnType<typeof mount> | null = null;

function asked(refusal: Partial<Refusal>, moves = [MOVE]) {
  const answer = vi.fn<(again: Again | null) => void>();
  const question: Question = {
    refusal: {
      status: 409,
      code: "refused_plan",
      detail: "No.",
      service_order_id: "a",
      ...refusal,
    },
    moves,
    answer,
  };
  const planner = plannerWith([item()]);
  shown = mount(Ask, { target: document.body, props: { planner, question } });
  flushSync();
  return { answer, question };
}

function button(words: string): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>("dialog button")];
  return found.find((one) => one.textContent?.includes(words)) as HTMLElement;
}

beforeAll(spoken);
afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

describe("a refused move", () => {
  const reason = { code: "overlap", words: "would overlap SO-000123", hard: true, figures: {} };

  it("says who, what, when and why, and begins at the cheapest remedy", () => {
    asked({ reasons: [reason], remedies: [LATER, OVERLAP] });
    const dialog = document.querySelector("dialog");
    expect(dialog?.textContent).toContain(
      "SO-001052, Boulangerie Lemaire with Sofie De Smet, Tue 24 Nov, 11:00–12:30",
    );
    expect(dialog?.querySelector(".co-reasons .is-no")?.textContent).toContain(
      "Would overlap SO-000123",
    );
    expect(document.activeElement?.textContent).toContain("Jeroen Claes, 14:00 instead");
  });

  it("is sent again as its remedy has it, all others as they were", () => {
    const other = { ...MOVE, service_order_id: "b" };
    const { answer } = asked({ reasons: [reason], remedies: [LATER, OVERLAP] }, [other, MOVE]);
    button("Jeroen Claes").click();
    const moved = { ...MOVE, technician_id: "jeroen", start: LATER.start };
    expect(answer).toHaveBeenCalledWith({ moves: [other, moved] });
  });

  it("overlaps only where that was pressed", () => {
    const { answer } = asked({ reasons: [reason], remedies: [LATER, OVERLAP] });
    button("overlap on purpose").click();
    expect(answer).toHaveBeenCalledWith({ moves: [{ ...MOVE, allow_overlap: true }] });
  });

  it("is put back by Esc", () => {
    const { answer } = asked({ reasons: [reason], remedies: [] });
    document.querySelector("dialog")?.dispatchEvent(new Event("cancel", { cancelable: true }));
    expect(answer).toHaveBeenCalledWith(null);
    expect(document.activeElement?.textContent).toContain("planning.ask.back");
  });
});

describe("a doubtful move", () => {
  const reason = { code: "skill", words: "needs the skill “Gas G1”", hard: false, figures: {} };

  it("is made all the same, or put back", () => {
    const { answer } = asked({ code: "asks_plan", reasons: [reason], promise: null });
    expect(document.querySelector(".co-reasons .is-asks")?.textContent).toContain(
      "Needs the skill",
    );
    expect(document.activeElement?.textContent).toContain("planning.ask.anyway");
    button("planning.ask.anyway").click();
    button("planning.ask.back").click();
    expect(answer.mock.calls).toEqual([[{}], [null]]);
  });
});

describe("a promise that breaks", () => {
  const refusal = {
    code: "asks_plan",
    reasons: [{ code: "promise", words: "arrival was promised", hard: false, figures: {} }],
    promise: PROMISE,
  };

  it("says what was promised and to whom, with the phone", () => {
    asked(refusal);
    expect(document.querySelector(".co-notice")?.textContent).toContain(
      "Arrival was promised for Tue 24 Nov, 09:00–11:00 to Bruno (Boulangerie Lemaire).",
    );
    expect(document.querySelector("a[href='tel:+3210123456']")).not.toBeNull();
    expect(document.querySelector(".co-reasons")).toBeNull();
  });

  it.each(["call", "keep"])("is answered by %s", (choice) => {
    const { answer } = asked(refusal);
    document.querySelector<HTMLElement>(`input[value=${choice}]`)?.click();
    flushSync();
    document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(answer).toHaveBeenCalledWith({ promise: { choice } });
  });

  it("is made anew around the new arrival, by the company's clock", () => {
    const { answer } = asked(refusal);
    document.querySelector<HTMLElement>("input[value=anew]")?.click();
    flushSync();
    const field = (id: string) => document.querySelector<HTMLInputElement>(`#co-ask-${id}`);
    expect(["date", "from", "to"].map((id) => field(id)?.value)).toEqual([
      "2026-11-24",
      "10:30",
      "12:30",
    ]);
    document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(answer).toHaveBeenCalledWith({
      promise: {
        choice: "anew",
        promise_from: "2026-11-24T09:30:00.000Z",
        promise_to: "2026-11-24T11:30:00.000Z",
      },
    });
  });

  it("is not made anew for hours that end before they begin", () => {
    const fields = { date: "2026-11-24", from: "12:00", to: "11:00" };
    expect(promiseChosen(words, "anew", fields)).toBeNull();
    expect(promiseChosen(words, "call", fields)).toEqual({ choice: "call" });
  });

  it("holds the new arrival whatever the old one was", () => {
    const short = { ...PROMISE, to: "2026-11-24T08:05:00Z" };
    const { from, to } = promiseAround(words, "2026-11-24T13:50:00Z", short);
    expect([from, to]).toEqual(["14:30", "15:00"]);
  });
});

describe("which move is asked about", () => {
  it("is the refused one, else the first", () => {
    const second = { ...MOVE, service_order_id: "b" };
    const refusal = { status: 409, code: "refused_plan", detail: "" };
    const question = { moves: [MOVE, second], answer: () => undefined };
    expect(moveInQuestion({ ...question, refusal: { ...refusal, service_order_id: "b" } })).toBe(
      second,
    );
    expect(moveInQuestion({ ...question, refusal })).toBe(MOVE);
  });
});

describe("a suggestion's figures", () => {
  const option: Option = {
    technician: JEROEN,
    start: MOVE.start,
    end: OVERLAP.end,
    why: "",
    reasons: [{ code: "skill", words: "needs the skill “Gas G1”", hard: false, figures: {} }],
    cost: {
      travel_minutes: 22,
      travel_kilometres: 18.6,
      from_home: true,
      on_minutes: null,
      replaced_minutes: null,
      extra_minutes: -3,
      known: true,
      wait_minutes: 0,
      target_slack_minutes: -25,
      promise_slack_minutes: null,
      wish_slack_minutes: 70,
    },
  };

  it("say what is there, in words, and leave out what is not known", () => {
    const found = figuresOf(option).map(({ label, value, tone }) => [label, value, tone]);
    expect(found).toEqual([
      ["planning.suggest.extra", "−3 min", ""],
      ["planning.suggest.there", "22 min, 19 km, from home", ""],
      ["planning.suggest.skills", "needs the skill “Gas G1”", "bad"],
      ["planning.suggest.target", "25 min too late", "bad"],
      ["planning.suggest.wish", "1 h 10 to spare", "good"],
      ["planning.suggest.known", "planning.suggest.known_yes", "good"],
    ]);
  });

  it("go with the initials of the board, else of the name", () => {
    const planner = plannerWith([]);
    expect(initialsOf(planner, JEROEN)).toBe("JC");
    expect(initialsOf(planner, { id: "x", name: "Luc Van den Berghe" })).toBe("LB");
  });
});

describe("an address of the API", () => {
  it("leaves out what is not given, and keeps a nought", () => {
    const query = {
      technician_id: "a,b",
      first: "2026-11-24",
      q: "",
      visit_id: null,
      days: 0,
    };
    expect(decodeURIComponent(address("planning/board", query))).toBe(
      "/api/v1/planning/board?technician_id=a,b&first=2026-11-24&days=0",
    );
  });
});
