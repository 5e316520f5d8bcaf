import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { Move } from "../src/planning/types.ts";
import { BOARD, plannerWith, server, spoken } from "./planning.ts";

const MOVE: Move = {
  service_order_id: "a",
  version: 1,
  visit_id: null,
  technician_id: "sofie",
  start: "2026-11-24T10:00:00Z",
  duration_minutes: 60,
  allow_overlap: false,
};
const ASKS = { status: 409, code: "asks_plan", detail: "outside the promise", reasons: [] };
const REFUSED = { status: 409, code: "refused_plan", detail: "taken meanwhile", reasons: [] };

beforeAll(spoken);
afterEach(() => vi.unstubAllGlobals());

it("a promise answered for one slot is asked about anew for another", async () => {
  const asked = server({
    "planning/moves": [ASKS, REFUSED, { words: "done", done: [] }],
    "planning/board": [BOARD],
    "planning/pile": [{ tab: "to_plan", counts: {}, items: [] }],
  });
  const planner = plannerWith([]);
  const placed = planner.place([MOVE]);
  await vi.waitFor(() => expect(planner.question?.refusal.code).toBe("asks_plan"));
  planner.question?.answer({ promise: { choice: "keep" } });
  await vi.waitFor(() => expect(planner.question?.refusal.code).toBe("refused_plan"));
  planner.question?.answer({ moves: [{ ...MOVE, start: "2026-11-24T15:00:00Z" }] });
  expect(await placed).toBe(true);
  const sent = asked.filter((one) => one.path === "planning/moves").map((one) => one.body);
  expect(sent.map((body) => [body?.confirmed, body?.promise])).toEqual([
    [false, null],
    [true, { choice: "keep" }],
    [false, null],
  ]);
});
