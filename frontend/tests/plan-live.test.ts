import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import Pile from "../src/planning/Pile.svelte";
import { followLive } from "../src/planning/live.ts";
import { item, plannerWith, type Asked, server, spoken } from "./planning.ts";

const DOWN = { status: 503 };
const hand = { isActive: false, changedMeanwhile: () => undefined };

function changed(kind: string, id: string): void {
  document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail: { id } }));
}

function toasts(): number {
  return document.querySelectorAll("[data-toast]").length;
}

const asksOf = (asked: Asked[], path: string) =>
  asked.filter((one) => one.path.startsWith(path)).length;

beforeAll(spoken);
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe("what others did while the server did not answer", () => {
  it("is read for the board once it answers again, and a refusal is not asked again", async () => {
    const planner = plannerWith([]);
    const board = planner.board as object;
    const asked = server({ "planning/board": [DOWN, DOWN, { ...board, rows: [] }] });
    const end = followLive(planner, hand);
    changed("technician", "sofie");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asksOf(asked, "planning/board")).toBe(3);
    expect(planner.board?.rows).toEqual([]);
    const refused = server({ "planning/board": [{ status: 403 }] });
    changed("technician", "sofie");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asksOf(refused, "planning/board")).toBe(1);
    end();
  });

  it("is read for the pile once it answers again, and nobody is told of what heals by itself", async () => {
    const planner = plannerWith([item()]);
    const asked = server({ "planning/pile": [DOWN, DOWN, { counts: {}, items: [] }] });
    const shown = mount(Pile, { target: document.body, props: { planner } });
    flushSync();
    changed("service_order", "a");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asksOf(asked, "planning/pile")).toBe(3);
    expect(planner.pile?.items).toEqual([]);
    expect(toasts()).toBe(0);
    void unmount(shown);
  });
});

describe("what a customer, a site or a type is called now", () => {
  it("is read for all rows at once, however many are imported", async () => {
    const planner = plannerWith([]);
    const asked = server({ "planning/board": [{ ...(planner.board as object), rows: [] }] });
    const end = followLive(planner, hand);
    for (let nth = 0; nth < 100; nth++) {
      changed("site", `${nth}`);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asksOf(asked, "planning/board")).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asksOf(asked, "planning/board")).toBe(1);
    end();
  });
});

describe("the pile", () => {
  it("does not wait for a pause in what happens", async () => {
    const planner = plannerWith([item()]);
    const asked = server({ "planning/pile": [{ counts: {}, items: [] }] });
    const shown = mount(Pile, { target: document.body, props: { planner } });
    flushSync();
    for (let nth = 0; nth < 20; nth++) {
      changed("service_order", `${nth}`);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(asksOf(asked, "planning/pile")).toBeGreaterThan(4);
    void unmount(shown);
  });

  it("shows no older answer in the place of a newer one", async () => {
    const planner = plannerWith([]);
    const answers: ((items: unknown[]) => void)[] = [];
    vi.stubGlobal("fetch", () => {
      return new Promise((resolve) => {
        answers.push((items) => resolve(new Response(JSON.stringify({ counts: {}, items }))));
      });
    });
    const both = [planner.readPile(), planner.readPile()];
    answers[1]?.([item({ id: "new" })]);
    answers[0]?.([item({ id: "old" })]);
    await Promise.all(both);
    expect(planner.pile?.items.map((one) => one.id)).toEqual(["new"]);
  });
});
