import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Planner } from "../src/planning/planner.svelte.ts";
import { BOARD, plannerWith, spoken } from "./planning.ts";

const MOVED = { words: "done", done: [{ service_order_id: "a", version: 2, visit_id: null }] };

/** Answers every undo in turn, "lost" as a line that breaks; gives the keys that were sent. */
function undone(...answers: (number | "lost")[]): string[] {
  const keys: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const is = (path: string) => url.endsWith(path);
    if (!is("/moves/undo")) {
      const body = is("/moves") ? MOVED : url.includes("/board") ? BOARD : {};
      return new Response(JSON.stringify(body));
    }
    keys.push(new Headers(init.headers).get("Idempotency-Key") ?? "");
    const answer = answers.shift();
    if (answer === "lost" || answer === undefined) throw new TypeError("Failed to fetch");
    const headers = { "Content-Type": "application/json" };
    return new Response(JSON.stringify(MOVED), { status: answer, headers });
  });
  return keys;
}

async function placed(): Promise<Planner> {
  const planner = plannerWith([]);
  await planner.place([]);
  return planner;
}

beforeAll(spoken);
afterEach(() => vi.unstubAllGlobals());

describe("undo", () => {
  it("is asked again by the same key where no answer came, and once done no more", async () => {
    const keys = undone("lost", 503, 200);
    const planner = await placed();
    for (let nth = 0; nth < 5; nth++) await planner.undo();
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it("that is refused is not asked again", async () => {
    const keys = undone(409, 200);
    const planner = await placed();
    for (let nth = 0; nth < 3; nth++) await planner.undo();
    expect(keys).toHaveLength(1);
  });
});
