import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { AT_FIRST, actionsOf, fold, verdict } from "../src/technician/core/fold.ts";
import type { Lifecycle } from "../src/technician/core/types.ts";

interface Vectors {
  lifecycle: Lifecycle;
  vectors: {
    status: string;
    before_break: string;
    actions: string[];
    then: {
      status: string;
      before_break: string;
      outcome: string;
      verdicts: string[];
      statuses: string[];
    };
  }[];
}

const { lifecycle, vectors } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "fold-vectors.json"), "utf8"),
) as Vectors;

describe("the fold", () => {
  it("agrees with the server's on every vector, entry by entry", () => {
    expect(vectors.length).toBeGreaterThan(300);
    for (const { status, before_break, actions, then } of vectors) {
      let now = { ...AT_FIRST, status, before_break };
      const verdicts: string[] = [];
      const statuses: string[] = [];
      for (const code of actions) {
        verdicts.push(verdict(lifecycle, now, code));
        now = fold(lifecycle, now, [code]);
        statuses.push(now.status);
      }
      const { is_open: _, ...end } = now;
      expect({ ...end, verdicts, statuses }, actions.join(" ")).toEqual(then);
    }
  });
});

describe("the buttons", () => {
  it("are those that make sense now, the big one the next sensible", () => {
    const { big, open } = actionsOf(lifecycle, { ...AT_FIRST, status: "on_site" });
    expect(big).toBe("start_work");
    expect(open).toContain("customer_absent");
    expect(open).not.toContain("resume");
    expect(open).not.toContain("undo");
  });

  it("are none after the end", () => {
    const ended = fold(lifecycle, AT_FIRST, ["start_work", "complete"]);
    expect(actionsOf(lifecycle, ended)).toEqual({ big: "", open: [] });
  });
});
