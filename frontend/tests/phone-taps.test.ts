import { IDBDatabase as Database, IDBObjectStore as Table } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Phone, type Sender, StorageFull } from "../src/technician/core/index.ts";
import { Browser, FakeServer, START, senderOf, visit } from "./phone-server.ts";

let browser: Browser;
let server: FakeServer;
let phone: Phone;
let sender: Sender;

beforeEach(async () => {
  browser = new Browser();
  server = new FakeServer();
  phone = await browser.open();
  sender = senderOf(phone, server);
  await sender.wake();
});

/** A connection of its own, made after the spies stand. */
async function reopen(): Promise<void> {
  phone.close();
  phone = await browser.open();
  sender = senderOf(phone, server);
}

afterEach(() => {
  vi.restoreAllMocks();
  sender.stop();
  phone.close();
});

describe("a tap", () => {
  it("is on the phone when it resolves, and a closed tab does not lose it", async () => {
    const id = await phone.tap("v1", "depart");
    phone.close();
    phone = await browser.open();
    expect((await phone.entries("v1")).map((one) => [one.id, one.mark])).toEqual([
      [id, "on_phone"],
    ]);
  });

  it("is written by a transaction with strict durability, and no other kind is used", async () => {
    const asked: unknown[] = [];
    const real = Database.prototype.transaction;
    vi.spyOn(Database.prototype, "transaction").mockImplementation(function (
      this: IDBDatabase,
      ...given
    ) {
      if (given[1] === "readwrite") asked.push(given[2]?.durability);
      return real.apply(this, given);
    });
    await reopen();
    await phone.tap("v1", "depart");
    await sender.wake();
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked)).toEqual(new Set(["strict"]));
  });

  it("resolves after the transaction is complete, not before", async () => {
    const order: string[] = [];
    const real = Database.prototype.transaction;
    vi.spyOn(Database.prototype, "transaction").mockImplementation(function (
      this: IDBDatabase,
      ...given
    ) {
      const made = real.apply(this, given);
      made.addEventListener("complete", () => order.push("complete"));
      return made;
    });
    await reopen();
    order.length = 0;
    await phone.tap("v1", "depart");
    order.push("marked");
    expect(order.indexOf("marked")).toBeGreaterThan(order.indexOf("complete"));
    expect(order).toContain("complete");
  });

  it("with no room left is not kept, says so, and leaves what was there", async () => {
    await phone.tap("v1", "depart");
    vi.spyOn(Table.prototype, "add").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    const bytes = new ArrayBuffer(8);
    const file = { sha256: "f1", name: "a.jpg", type: "image/jpeg", bytes };
    const failed = await phone.tap("v1", "photo", { file: "f1" }, [file]).catch((error) => error);
    expect(failed).toBeInstanceOf(StorageFull);
    expect(failed.kept.commands).toBe(1);
    vi.restoreAllMocks();
    expect((await phone.entries("v1")).map(({ action }) => action)).toEqual(["depart"]);
    expect(await phone.file("f1")).toBeNull();
  });

  it("is shown over the server's document at once: status, notes, answers, parts, report", async () => {
    await phone.tap("v1", "depart");
    await phone.tap("v1", "arrive");
    await phone.tap("v1", "note", { id: "n1", text: "Key at the neighbour" });
    await phone.tap("v1", "part", { id: "p1", text: "Valve", quantity: "2", unit: "pc" });
    await phone.tap("v1", "part", { id: "p1", text: "Valve", quantity: "3", unit: "pc" });
    await phone.tap("v1", "report", { text: "Done well" });
    const shown = await phone.view("v1");
    expect(shown?.status).toBe("on_site");
    expect(shown?.notes.map(({ text }) => text)).toEqual(["Key at the neighbour"]);
    expect(shown?.parts).toEqual([{ id: "p1", text: "Valve", quantity: "3", unit: "pc" }]);
    expect(shown?.report.text).toBe("Done well");
    expect(shown?.timeline.map(({ action }) => action)).toEqual(["depart", "arrive"]);
  });

  it("that says how late it runs sets what is expected, from now if the slot is over", async () => {
    const slot = { start: "2026-11-27T08:00:00Z", end: "2026-11-27T09:00:00Z" };
    await phone.tap("v1", "extend", { minutes: 15 });
    const early = await phone.view("v1");
    expect(early?.slot).toEqual({ ...slot, expected_end: "2026-11-27T09:15:00.000Z" });
    browser.clock = Date.parse("2026-11-27T10:00:00Z");
    await phone.tap("v1", "extend", { minutes: 30 });
    const late = await phone.view("v1");
    expect(late?.slot).toEqual({ ...slot, expected_end: "2026-11-27T10:30:00.000Z" });
  });

  it("that another tab made is shown in this one", async () => {
    const other = await browser.open();
    const told = vi.fn();
    phone.subscribe(told);
    expect((await phone.view("v1"))?.status).toBe("planned");
    await other.tap("v1", "depart");
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    expect((await phone.view("v1"))?.status).toBe("en_route");
    other.close();
  });

  it("is shown without reading the store again", async () => {
    const begun = vi.spyOn(Database.prototype, "transaction");
    await reopen();
    await phone.lying();
    begun.mockClear();
    await phone.tap("v1", "depart");
    expect((await phone.view("v1"))?.status).toBe("en_route");
    expect(begun.mock.calls.map(([, mode]) => mode)).toEqual(["readwrite"]);
  });

  it("made while the store is being read is shown all the same", async () => {
    await phone.lying();
    const real = phone.store.transaction.bind(phone.store) as (...given: unknown[]) => unknown;
    vi.spyOn(phone.store, "transaction").mockImplementation((async (...given: unknown[]) => {
      const read = await real(...given);
      if (given[0] === "r") await tapped; // it was read before, and is told after
      return read;
    }) as never);
    const tapped = phone.tap("v1", "depart");
    phone.changed();
    await Promise.all([phone.lying(), tapped]);
    expect((await phone.view("v1"))?.status).toBe("en_route");
  });

  it("is kept and shown after a reading of the store that failed", async () => {
    phone.changed();
    vi.spyOn(phone.store, "transaction").mockRejectedValueOnce(new Error("UnknownError"));
    await expect(phone.tap("v1", "depart")).rejects.toThrow("UnknownError");
    await phone.tap("v1", "depart");
    expect((await phone.view("v1"))?.status).toBe("en_route");
  });

  it("shows the same as what a phone that is opened anew reads", async () => {
    const bytes = new ArrayBuffer(8);
    const file = { sha256: "f1", name: "a.jpg", type: "image/jpeg", bytes };
    await phone.lying();
    await phone.tap("v1", "depart");
    await phone.tap("v1", "photo", { id: "p1", file: "f1", type: "image/jpeg" }, [file]);
    const shown = await phone.lying();
    phone.close();
    phone = await browser.open();
    expect(await phone.lying()).toEqual(shown);
  });

  it("names the revision that was looked at, and the clock's measured offset", async () => {
    server.now = START + 5_000;
    await sender.wake();
    browser.clock += 60_000;
    await phone.tap("v1", "depart");
    await sender.wake();
    const [command] = server.requests.at(-1)?.commands ?? [];
    expect(command?.seen).toBe("1");
    expect(command?.skew).toEqual({ ms: 5_000, age_s: 60 });
  });

  it("after the clock was set back says that its offset is not known", async () => {
    browser.clock -= 48 * 3_600_000;
    await phone.tap("v1", "depart");
    await sender.wake();
    expect(server.requests.at(-1)?.commands[0]?.skew).toBeNull();
  });
});

describe("undo and correction before they are sent", () => {
  it("take the step out, and move its time", async () => {
    const first = await phone.tap("v1", "depart");
    const second = await phone.tap("v1", "arrive");
    await phone.tap("v1", "undo", { of: second });
    await phone.tap("v1", "correct", { entry: "", of: first, at: "2026-11-27T06:30:00.000Z" });
    const shown = await phone.view("v1");
    expect(shown?.status).toBe("en_route");
    expect(shown?.timeline).toMatchObject([
      { at: "2026-11-27T06:30:00.000Z", first_at: "2026-11-27T07:00:00.000Z" },
    ]);
    expect(shown?.times).toMatchObject([{ kind: "travel", end: null }]);
  });

  it("of the closing step open the visit again", async () => {
    await phone.tap("v1", "start_work");
    const done = await phone.tap("v1", "complete");
    expect((await phone.view("v1"))?.is_open).toBe(false);
    await phone.tap("v1", "undo", { of: done });
    expect(await phone.view("v1")).toMatchObject({ status: "working", is_open: true, outcome: "" });
  });
});

describe("the phone", () => {
  it("lists visits by their start", async () => {
    const early = visit("v2", {
      slot: { start: "2026-11-27T06:00:00Z", end: "2026-11-27T07:00:00Z", expected_end: null },
    });
    server.docs.push({ id: "visit:v2", rev: "1", body: early });
    await sender.wake();
    expect((await phone.visits()).map(({ id }) => id)).toEqual(["v2", "v1"]);
  });

  it("keeps apart what two users of it enter", async () => {
    await phone.tap("v1", "depart");
    const other = await browser.open("u2");
    expect(await other.entries()).toEqual([]);
    expect(await other.view("v1")).toBeNull();
    other.close();
  });

  it("wipes the documents after 14 days without contact, and keeps what is unsent", async () => {
    await phone.tap("v1", "depart");
    phone.close();
    browser.clock += 14 * 86_400_000;
    phone = await browser.open();
    expect(await phone.view("v1")).toBeNull();
    expect((await phone.unsent()).commands).toBe(1);
  });
});
