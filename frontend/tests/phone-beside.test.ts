import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { anyFile, type Phone, photo, type Sender, sha256 } from "../src/technician/core/index.ts";
import { dutyOf, positionKeep, RING } from "../src/technician/core/positions.ts";
import { seal } from "../src/technician/core/seal.ts";
import { phoneNow, signIn, signOut, signOutOwed } from "../src/technician/core/session.ts";
import { measure, skewNow, trueNow } from "../src/technician/core/skew.ts";
import { thumbsFetch } from "../src/technician/core/thumbs.ts";
import { Browser, FakeServer, me, refusal, senderOf, START, visit } from "./phone-server.ts";

let browser: Browser;
let server: FakeServer;
let phone: Phone;
let sender: Sender;

beforeEach(async () => {
  browser = new Browser();
  server = new FakeServer();
  phone = await signIn(server.transport, browser.circumstances());
  sender = senderOf(phone, server);
  await sender.wake();
});

afterEach(() => {
  vi.unstubAllGlobals();
  sender.stop();
  phone.close();
});

describe("who is signed in", () => {
  it("is known without a signal", async () => {
    phone.close();
    phone = (await phoneNow(browser.circumstances())) as Phone;
    expect(phone.who.user.name).toBe("Els");
    expect(await phone.view("v1")).not.toBeNull();
  });

  it("does not sign out over unsent work without being told to", async () => {
    await phone.tap("v1", "depart");
    expect(await signOut(phone, server.transport)).toMatchObject({ commands: 1 });
    expect(await phoneNow(browser.circumstances())).not.toBeNull();
    expect((await phone.unsent()).commands).toBe(1);
  });

  it("leaves nothing behind, and the server hears of it when there is a signal", async () => {
    const asked: string[] = [];
    await signOut(phone, () => Promise.reject(new TypeError("offline")), true);
    expect(await phoneNow(browser.circumstances())).toBeNull();
    const names = (await browser.databases.indexedDB.databases()).map(({ name }) => name);
    expect(names).toEqual(["callout-phone"]);
    server.fault = (path) => {
      asked.push(path);
      return null;
    };
    await signOutOwed(server.transport, browser.databases);
    await signOutOwed(server.transport, browser.databases);
    expect(asked).toEqual(["/technician/sign-out"]);
  });

  it("is asked by the server's words when it refuses", async () => {
    server.fault = () => refusal(401, "not_signed_in");
    await expect(signIn(server.transport, browser.circumstances())).rejects.toMatchObject({
      code: "not_signed_in",
    });
  });
});

describe("positions", () => {
  it("are a ring of 200: the oldest fall out, and go up once", async () => {
    const point = { visit: "v1", latitude: 50, longitude: 4, accuracy: 8 };
    for (let i = 0; i < RING + 5; i++) {
      await positionKeep(phone, { ...point, at: new Date(START + i * 1000).toISOString() });
    }
    await sender.wake();
    const sent = server.requests.at(-1)?.positions ?? [];
    expect(sent).toHaveLength(RING);
    expect(sent[0]).toEqual({ ...point, at: new Date(START + 5_000).toISOString() });
    await sender.wake();
    expect(server.requests.at(-1)?.positions).toEqual([]);
  });

  it("are taken with consent, on duty, never in a break", async () => {
    expect(await dutyOf(phone)).toBeNull();
    await phone.tap("v1", "depart");
    expect(await dutyOf(phone)).toBeNull();
    server.docs[0] = { id: "me", rev: "2", body: me({ position: { consent: true, days: 60 } }) };
    await sender.wake();
    await phone.tap("v1", "depart");
    expect(await dutyOf(phone)).toBe("v1");
    await phone.tap("v1", "break");
    expect(await dutyOf(phone)).toBeNull();
    await phone.tap("v1", "resume");
    expect(await dutyOf(phone)).toBe("v1");
    await phone.tap("v1", "complete");
    expect(await dutyOf(phone)).toBeNull();
  });
});

describe("the clock", () => {
  it("is measured against the middle of the trip, and not by a slow one", () => {
    expect(measure(1_000, 2_000, new Date(11_500).toISOString())?.ms).toBe(10_000);
    expect(measure(1_000, 20_000, new Date(11_500).toISOString())).toBeNull();
    expect(measure(2_000, 1_000, new Date(11_500).toISOString())).toBeNull();
    expect(measure(1_000, 2_000, "soon")).toBeNull();
  });

  it("is corrected by a fresh measure alone", () => {
    const measured = { ms: 5_000, at: START, trip: 10 };
    expect(trueNow(measured, START + 1_000)).toBe(START + 6_000);
    expect(trueNow(measured, START + 90_000_000)).toBe(START + 90_000_000);
    expect(skewNow(measured, START + 90_000_000)).toEqual({ ms: 5_000, age_s: 90_000 });
    expect(skewNow(measured, START - 1)).toBeNull();
  });
});

describe("a seal", () => {
  const shown = {
    company: "Acme",
    language: "en",
    texts: [["Work", "Pump changed"]] as [string, string][],
    name: "M. Lemaire",
    signed_at: "2026-11-27T09:30:00.000Z",
    image: btoa("png"),
  };

  it("holds what was shown, the facts and the hashes, and is named by its own", async () => {
    const doc = visit("v1", {
      times: [
        {
          kind: "work",
          label: "Work",
          start: "2026-11-27T08:00:00Z",
          end: "2026-11-27T09:15:00Z",
          derived: true,
          note: "",
        },
      ],
      report: { text: "Pump changed", unsigned_because: "" },
    });
    const made = await seal(doc, shown);
    const read = JSON.parse(made.seal);
    expect(read).toMatchObject({ v: 1, visit: "v1", order_number: "1043", name: "M. Lemaire" });
    expect(read.facts).toMatchObject({ minutes: 75, report: "Pump changed", parts: [] });
    expect(read.signature_sha256).toBe(await sha256("png"));
    expect(made.mark).toBe((await sha256(made.seal)).slice(0, 10));
  });

  it("holds a colleague's photo of the visit, and no other file of the order", async () => {
    const file = { id: "f", name: "a.jpg", photo: true, item: "", url: "", thumb: "", words: "" };
    const doc = visit("v1", {
      files: [
        { ...file, own: true, tag: "before", sha256: "aa" },
        { ...file, own: false, tag: "after", sha256: "bb" },
        { ...file, own: true, tag: "", sha256: "cc" },
      ],
    });
    expect(JSON.parse((await seal(doc, shown)).seal).photos).toEqual(["aa", "bb"]);
  });
});

describe("a file", () => {
  it("over 40 MB is refused before it is read", async () => {
    const file = new File(["x"], "film.jpg", { type: "image/jpeg" });
    Object.defineProperty(file, "size", { value: 40_000_001 });
    await expect(photo(file)).rejects.toMatchObject({ code: "file_too_large" });
    await expect(anyFile(file)).rejects.toMatchObject({ code: "file_too_large" });
  });

  it("that is no photo is refused in place of a photo, and kept as it is as a file", async () => {
    vi.stubGlobal("createImageBitmap", () => Promise.reject(new DOMException("no")));
    const file = new File(["words"], "notes.jpg", { type: "image/jpeg" });
    await expect(photo(file)).rejects.toMatchObject({ code: "not_a_photo" });
    expect(await anyFile(file)).toMatchObject({ name: "notes.jpg", sha256: await sha256("words") });
  });
});

describe("small pictures", () => {
  it("are loaded once, and go with their visit", async () => {
    const file = { id: "f1", name: "a.jpg", photo: true, own: false, sha256: "", tag: "other" };
    const shown = { ...file, item: "", url: "/files/technician/f1", thumb: "/f1/thumb", words: "" };
    server.docs[1] = { id: "visit:v1", rev: "2", body: visit("v1", { files: [shown] }) };
    await sender.wake();
    const load = vi.fn(async () => ({ type: "image/jpeg", bytes: new ArrayBuffer(3) }));
    await thumbsFetch(phone, load);
    await thumbsFetch(phone, load);
    expect(load).toHaveBeenCalledTimes(1);
    expect((await phone.thumb("/f1/thumb"))?.size).toBe(3);
    server.docs.pop();
    await sender.wake();
    await thumbsFetch(phone, load);
    expect(await phone.thumb("/f1/thumb")).toBeNull();
  });
});
