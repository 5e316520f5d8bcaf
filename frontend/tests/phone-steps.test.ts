import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { App } from "../src/technician/app.svelte.ts";
import type { Phone, Sender } from "../src/technician/core/index.ts";
import { When } from "../src/technician/when.ts";
import { Browser, FakeServer, senderOf, visit } from "./phone-server.ts";

let server: FakeServer;
let phone: Phone;
let sender: Sender;
let app: App;

const LINE = {
  id: "i1",
  text: "Gas off",
  kind: "tick",
  low: null,
  high: null,
  unit: "",
  choices: [],
  required: true,
  answer: null,
} as const;

beforeEach(async () => {
  server = new FakeServer();
  const body = visit("v1", { status: "working", checklist: [{ ...LINE, choices: [] }] });
  server.docs[1] = { id: "visit:v1", rev: "1", body };
  phone = await new Browser().open();
  sender = senderOf(phone, server);
  app = new App(phone, sender, "", "", When.here());
  await sender.wake();
  await app.draw();
});

afterEach(() => {
  sender.stop();
  phone.close();
});

function shown() {
  const found = app.visit("v1");
  if (!found) throw new Error("the visit is not on the phone");
  return found;
}

describe("A question", () => {
  it("stays open when it was asked while the step before it was being written down", async () => {
    const step = app.steps.take(shown(), "break");
    app.ask({ kind: "note", visit: "v1" });
    expect(await step).toBe(true);
    expect(app.asked).toEqual({ kind: "note", visit: "v1" });
  });

  it("is put away by the step that it led to", async () => {
    app.ask({ kind: "reason", code: "hand_back", visit: "v1" });
    await app.steps.take(shown(), "hand_back", { note: "A part is missing" });
    expect(app.asked).toBeNull();
  });

  it("stays open too when it was asked between two steps that one answer led to", async () => {
    const body = visit("v2", { status: "planned" });
    server.docs[2] = { id: "visit:v2", rev: "1", body };
    await sender.wake();
    await app.draw();
    const next = app.visit("v2");
    if (!next) throw new Error("the other visit is not on the phone");
    await app.steps.take(next, "depart");
    const { asked } = app;
    if (asked?.kind !== "elsewhere") throw new Error("it is not asked what became of the first");
    const moved = app.steps.moveOn(shown(), "break", null, next, asked);
    app.ask({ kind: "note", visit: "v1" });
    await moved;
    expect([shown().status, app.visit("v2")?.status]).toEqual(["break", "en_route"]);
    expect(app.asked).toEqual({ kind: "note", visit: "v1" });
  });
});

describe("Complete", () => {
  it("is held back by the checklist however it is asked for, at another time too", async () => {
    for (const at of [null, app.trueNow() - 600_000]) {
      expect(await app.steps.take(shown(), "complete", {}, at)).toBe(false);
      expect(app.asked).toEqual({ kind: "missing", visit: "v1" });
      expect(app.entries).toEqual([]);
      app.close();
    }
    await app.tap("v1", "answer", { item: "i1", value: true });
    expect(await app.steps.take(shown(), "complete")).toBe(true);
    expect(shown().status).toBe("done");
  });
});
