import { IDBObjectStore as Table } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Phone,
  Sender,
  type SenderState,
  type Transport,
} from "../src/technician/core/index.ts";
import { signOut } from "../src/technician/core/session.ts";
import { Browser, FakeServer, me, ours, refusal, senderOf, visit } from "./phone-server.ts";

let browser: Browser;
let server: FakeServer;
let phone: Phone;
let sender: Sender;
const real = Table.prototype.put;

beforeEach(async () => {
  browser = new Browser();
  server = new FakeServer();
  phone = await browser.open();
  sender = senderOf(phone, server);
  await sender.wake();
});

afterEach(() => {
  vi.unstubAllGlobals();
  sender.stop();
  phone.close();
});

async function taps(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++)
    ids.push(await phone.tap("v1", "note", { id: `n${i}`, text: "x" }));
  return ids;
}

async function marks(): Promise<string[]> {
  return (await phone.entries()).map(({ mark }) => mark);
}

describe("sending", () => {
  it("goes by the outbox's counter, whatever the clock says, in batches of 50", async () => {
    const ids = await taps(40);
    browser.clock -= 48 * 3_600_000;
    ids.push(...(await taps(30)));
    await sender.wake();
    expect(server.requests.slice(1).map(({ commands }) => commands.length)).toEqual([50, 20]);
    expect([...server.inbox.keys()]).toEqual(ids);
    expect((await phone.unsent()).commands).toBe(0);
  });

  it("never spells half a character, which no server reads", async () => {
    await phone.tap("v1", "note", { id: "n", text: "gut 😀".slice(0, 5), more: ["👍 stays"] });
    await sender.wake();
    const sent = server.requests.at(-1)?.commands[0]?.body;
    expect(sent).toEqual({ id: "n", text: "gut \uFFFD", more: ["👍 stays"] });
  });

  it("puts no more than 256 kB into a batch", async () => {
    for (let i = 0; i < 3; i++) await phone.tap("v1", "report", { text: "x".repeat(120_000) });
    await sender.wake();
    expect(server.requests.slice(1).map(({ commands }) => commands.length)).toEqual([2, 1]);
  });

  it("reports what is left on the phone besides what goes up", async () => {
    await taps(60);
    await sender.wake();
    expect(server.requests[1]?.unsent.commands).toBe(10);
    expect(server.requests[2]?.unsent).toEqual({ commands: 0, files: 0, bytes: 0, since: null });
  });

  it("is done by one tab at a time", async () => {
    await phone.tap("v1", "depart");
    const elsewhere = new Sender(phone, server.transport, async () => null);
    await elsewhere.wake();
    elsewhere.stop();
    expect(server.inbox.size).toBe(0);
    expect(await marks()).toEqual(["on_phone"]);
  });

  it("of a tap during a request follows at once", async () => {
    await phone.tap("v1", "depart");
    let tapped: Promise<unknown> | undefined;
    server.fault = () => {
      if (!tapped) tapped = phone.tap("v1", "arrive").then(() => void sender.wake());
      return null;
    };
    await sender.wake();
    await tapped;
    await sender.wake();
    expect([...server.inbox.values()].map(({ action }) => action)).toEqual(["depart", "arrive"]);
  });
});

describe("an answer counts only if it is ours", () => {
  const nonsense: [string, unknown][] = [
    ["a captive portal's page", null],
    ["another program's JSON", { ok: true, answers: [], docs: [], gone: [], epoch: "e1" }],
    ["ours without an epoch", { callout: 1, answers: [], docs: [], gone: [], more: false }],
    ["ours without answers", { callout: 1, epoch: "e9", docs: [], gone: [], more: false }],
    ["a list", []],
    ["a word", "ok"],
  ];
  for (const [name, json] of nonsense) {
    it(`not ${name}: nothing moves, and it is sent again later`, async () => {
      const [id] = await taps(1);
      server.fault = () => ({ status: 200, json });
      await sender.wake();
      expect(sender.state).toBe("no_connection");
      expect(await marks()).toEqual(["on_phone"]);
      server.fault = null;
      await sender.wake();
      expect(sender.state).toBe("idle");
      expect([...server.inbox.keys()]).toEqual([id]);
      expect(await marks()).toEqual(["applied"]);
    });
  }

  it("nor one that says no for a moment", async () => {
    await taps(1);
    server.fault = () => refusal(503, "disk_full");
    await sender.wake();
    expect(sender.state).toBe("no_connection");
    expect((await phone.unsent()).commands).toBe(1);
  });

  it("and a command that it does not name stays", async () => {
    const ids = await taps(2);
    server.fault = (_path, request) => {
      if (request.commands.length < 2) return null;
      const plain = { outcome: "applied", code: "", words: "", at: null, uncertain: false };
      const answers = [{ id: ids[1], ...plain }];
      const now = new Date(server.now).toISOString();
      return ours({ callout: 1, epoch: "e1", now, answers, docs: [], gone: [], more: false });
    };
    await sender.once();
    expect(await marks()).toEqual(["on_phone", "applied"]);
  });
});

describe("a phone without room", () => {
  it("sends what it has all the same; what is new does not come, and nothing is lost", async () => {
    const ids = await taps(2);
    server.docs[1] = { id: "visit:v1", rev: "2", body: visit("v1", { seen: true }) };
    const put = vi.spyOn(Table.prototype, "put").mockImplementation(function (
      this: IDBObjectStore,
      ...given
    ) {
      if (this.name === "docs") throw new DOMException("no room", "QuotaExceededError");
      return Reflect.apply(real, this, given);
    });
    await sender.wake();
    put.mockRestore();
    expect([...server.inbox.keys()]).toEqual(ids);
    expect((await phone.unsent()).commands).toBe(0);
    expect((await phone.view("v1"))?.seen).toBe(false);
    await sender.wake();
    expect((await phone.view("v1"))?.seen).toBe(true);
  });
});

describe("marks", () => {
  it("say received for what the server holds, and applied once it has done it", async () => {
    server.answer = () => ({ outcome: "held", code: "held", words: "Kept" });
    const [id] = await taps(1);
    const told = { id: id as string, outcome: "held", code: "held", words: "Kept" } as const;
    const entry = { ...told, at: null, uncertain: false, decided: "", decided_note: "" } as const;
    server.docs[0] = { id: "me", rev: "2", body: me({ entries: [entry] }) };
    await sender.wake();
    expect(await marks()).toEqual(["received"]);
    expect((await phone.view("v1"))?.notes).toHaveLength(1);
    server.docs[0] = { id: "me", rev: "3", body: me() };
    await sender.wake();
    expect(await marks()).toEqual(["applied"]);
  });

  it("say needs a look with the server's words, and what the office decided", async () => {
    server.answer = () => ({ outcome: "late", code: "given_away", words: "Given to Jan" });
    const [id] = await taps(1);
    const told = { id: id as string, outcome: "late", code: "given_away", words: "Given to Jan" };
    await sender.wake();
    expect(await phone.entries()).toMatchObject([
      { mark: "needs_look", words: "Given to Jan", decided: "" },
    ]);
    const entry = { ...told, at: null, uncertain: false, decided: "note", decided_note: "Thanks" };
    server.docs[0] = { id: "me", rev: "2", body: me({ entries: [entry as never] }) };
    await sender.wake();
    expect(await phone.entries()).toMatchObject([{ decided: "note", decided_note: "Thanks" }]);
  });
});

describe("what is refused", () => {
  it("is told apart from what the office decides", async () => {
    const outcomes = ["late", "refused", "unknown"] as const;
    for (const outcome of outcomes) {
      server.answer = () => ({ outcome, code: "no", words: "No" });
      await taps(1);
      await sender.wake();
    }
    const found = await phone.entries();
    expect(found.map(({ mark, refused }) => [mark, refused])).toEqual([
      ["needs_look", false],
      ["needs_look", true],
      ["needs_look", true],
    ]);
  });
});

describe("another epoch", () => {
  it("sends what was answered before again, with its numbers", async () => {
    const ids = await taps(3);
    await sender.wake();
    const before = [...server.inbox.values()].map(({ n }) => n);
    server.inbox.clear();
    server.epoch = "e2";
    await sender.wake();
    expect([...server.inbox.keys()]).toEqual(ids);
    expect([...server.inbox.values()].map(({ n }) => n)).toEqual(before);
    expect(await marks()).toEqual(["applied", "applied", "applied"]);
  });

  it("forgets what was answered 14 days ago", async () => {
    await taps(1);
    await sender.wake();
    browser.clock += 15 * 86_400_000;
    await sender.wake();
    expect(await phone.entries()).toEqual([]);
  });
});

describe("a batch that is refused as a whole", () => {
  const bad = (status: number) => (_path: string, request: { commands?: { body: unknown }[] }) =>
    request.commands?.some(({ body }) => (body as { bad?: boolean }).bad)
      ? refusal(status, "not_understood")
      : null;

  for (const status of [400, 413]) {
    it(`with ${status} costs the bad command alone, which needs a look`, async () => {
      await taps(5);
      await phone.tap("v1", "note", { bad: true });
      await taps(5);
      server.fault = bad(status) as FakeServer["fault"];
      await sender.wake();
      expect(server.inbox.size).toBe(10);
      const odd = (await phone.entries()).filter(({ mark }) => mark !== "applied");
      expect(odd).toMatchObject([
        { mark: "needs_look", code: "not_understood", body: { bad: true } },
      ]);
      expect((await phone.unsent()).commands).toBe(1);
    });
  }

  it("keeps the bad command for the next version of the app", async () => {
    await phone.tap("v1", "note", { bad: true });
    server.fault = bad(400) as FakeServer["fault"];
    await sender.wake();
    phone.close();
    server.fault = null;
    phone = await browser.open("u1", "2");
    sender = senderOf(phone, server);
    await sender.wake();
    expect(await marks()).toEqual(["applied"]);
  });

  it("is no command's fault where the server takes nothing at all", async () => {
    await taps(3);
    server.fault = () => refusal(400, "too_old");
    await sender.wake();
    expect(sender.state).toBe("no_connection");
    expect(await marks()).toEqual(["on_phone", "on_phone", "on_phone"]);
  });
});

describe("a session that ended", () => {
  const ended: [string, SenderState][] = [
    ["not_signed_in", "sign_in"],
    ["revoked", "sign_in"],
  ];
  for (const [code, state] of ended) {
    it(`(${code}) asks for the sign-in; taps go on, and go up after it`, async () => {
      await taps(1);
      server.fault = () => refusal(401, code);
      await sender.wake();
      expect(sender.state).toBe(state);
      await taps(1);
      expect(await marks()).toEqual(["on_phone", "on_phone"]);
      server.fault = null;
      await sender.signedIn();
      expect(await marks()).toEqual(["applied", "applied"]);
    });
  }

  it("because the user was deactivated hands over what was done", async () => {
    const ids = await taps(2);
    server.fault = (path) => (path.endsWith("/sync") ? refusal(401, "deactivated") : null);
    await sender.wake();
    expect(sender.state).toBe("deactivated");
    expect(server.handed).toEqual(ids);
    expect(await phone.unsent()).toMatchObject({ commands: 0 });
  });

  it("because the phone is lost wipes everything, other users' too", async () => {
    const other = await browser.open("u2");
    other.close();
    phone.close();
    phone = await browser.open();
    sender = senderOf(phone, server);
    await taps(2);
    const told: string[] = [];
    sender.onstate = () => told.push(sender.state);
    server.fault = () => refusal(401, "lost");
    await sender.wake();
    expect(sender.state).toBe("lost");
    expect(told.at(-1)).toBe("lost");
    expect(await browser.databases.indexedDB.databases()).toEqual([]);
  });

  it("in another tab is over in this one: nothing is shown or sent as somebody else", async () => {
    const tab = await browser.open();
    const there = senderOf(tab, server);
    expect(await tab.view("v1")).not.toBeNull();
    await signOut(phone, server.transport, true);
    await vi.waitFor(() => expect(there.state).toBe("left"));
    await expect(tab.lying()).rejects.toThrow();

    phone = await browser.open();
    sender = senderOf(phone, server);
    await taps(1);
    (await browser.open("u2")).close(); // who signs in there now
    const asked = server.requests.length;
    await sender.wake();
    expect([sender.state, server.requests.length - asked]).toEqual(["left", 0]);
    phone = await browser.open();
    expect((await phone.unsent()).commands).toBe(1);
  });

  it("in another tab leaves nothing, not even what this one was asking for", async () => {
    vi.stubGlobal("BroadcastChannel", undefined); // the other tab's word may come later
    const tab = await browser.open();
    const there = senderOf(tab, {
      transport: async (asked: Parameters<Transport>[0]) => {
        const answer = await server.transport(asked);
        await signOut(phone, server.transport, true);
        return answer;
      },
    } as FakeServer);
    await there.wake();
    expect(there.state).toBe("left");
    const names = (await browser.databases.indexedDB.databases()).map(({ name }) => name);
    expect(names).toEqual(["callout-phone"]);
  });

  it("in another tab because the phone is lost is over in this one too", async () => {
    const tab = await browser.open();
    const there = senderOf(tab, server);
    await tab.lying();
    tab.store.close({ disableAutoOpen: false }); // by the browser, which clears the storage too
    server.fault = () => refusal(401, "lost");
    await sender.wake();
    await vi.waitFor(() => expect(there.state).toBe("left"));
    expect(tab.isClosed).toBe(true);
  });
});

describe("files", () => {
  const bytes = new ArrayBuffer(600_000);
  const large = { sha256: "aa", name: "a.jpg", type: "image/jpeg", bytes };
  const small = { ...large, sha256: "bb", bytes: new ArrayBuffer(10) };

  it("go up after their commands, small ones first, in parts", async () => {
    const paths: string[] = [];
    server.fault = (path) => {
      paths.push(path.replace("/technician/", ""));
      return null;
    };
    await phone.tap("v1", "photo", { id: "p1", file: "aa", name: "a.jpg", type: "image/jpeg" }, [
      large,
    ]);
    await phone.tap("v1", "photo", { id: "p2", file: "bb", name: "b.jpg", type: "image/jpeg" }, [
      small,
    ]);
    expect(await phone.unsent()).toMatchObject({ commands: 2, files: 2 });
    await sender.wake();
    expect(paths).toEqual([
      "sync",
      "files/bb",
      "files/bb/0",
      "files/aa",
      "files/aa/0",
      "files/aa/1",
      "files/aa/2",
    ]);
    expect((await phone.unsent()).files).toBe(0);
    expect((await phone.entries())[0]?.files).toMatchObject([{ state: "sent", sent: 3 }]);
    expect((await phone.file("aa"))?.size).toBe(600_000);
  });

  it("go up three side by side, and all have ended before a lost connection is told", async () => {
    for (const sha256 of ["aa", "bb", "cc", "dd"]) {
      await phone.tap("v1", "photo", { id: sha256, file: sha256 }, [{ ...small, sha256 }]);
    }
    let underWay = 0;
    const most: number[] = [];
    const slowly: Transport = async (asked) => {
      if (!asked.path.includes("/files/")) return server.transport(asked);
      most.push(++underWay);
      await new Promise((next) => setTimeout(next));
      underWay -= 1;
      return server.transport(asked);
    };
    server.fault = (path) => (path.endsWith("/aa") ? { status: 502, json: null } : null);
    const slow = new Sender(phone, slowly, async (_name, work) => work());
    await slow.wake();
    slow.stop();
    expect(slow.state).toBe("no_connection");
    expect([Math.max(...most), underWay]).toEqual([3, 0]);
    const states = (await phone.entries()).flatMap(({ files }) => files.map((one) => one.state));
    expect(states).toEqual(["waiting", "sent", "sent", "waiting"]);
  });

  it("go on where they stopped", async () => {
    await phone.tap("v1", "photo", { id: "p1", file: "aa" }, [large]);
    server.fault = (path) => (path.endsWith("/aa/1") ? { status: 502, json: null } : null);
    await sender.wake();
    expect(sender.state).toBe("no_connection");
    const paths: string[] = [];
    server.fault = (path) => {
      paths.push(path);
      return null;
    };
    await sender.wake();
    expect(paths.filter((path) => path.includes("/aa/"))).toEqual([
      "/technician/files/aa/1",
      "/technician/files/aa/2",
    ]);
  });

  it("that the server refuses for what they are hold up nothing", async () => {
    await phone.tap("v1", "photo", { id: "p1", file: "aa" }, [large]);
    await phone.tap("v1", "photo", { id: "p2", file: "bb" }, [small]);
    server.fault = (path) => (path.includes("/bb") ? refusal(413, "too_large") : null);
    await sender.wake();
    expect(sender.state).toBe("idle");
    expect((await phone.entries()).map(({ files }) => files[0]?.state)).toEqual([
      "sent",
      "refused",
    ]);
  });
});
