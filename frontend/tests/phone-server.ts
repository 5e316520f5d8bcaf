/** A small server for the tests of the core, in the shapes of types.ts; and phones that ask it. */

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { type Circumstances, Phone, Sender, type Transport } from "../src/technician/core/index.ts";
import { withHolder } from "../src/technician/core/holder.ts";
import type { Reply } from "../src/technician/core/transport.ts";
import type {
  Answer,
  Command,
  Doc,
  Lifecycle,
  Me,
  SyncAnswer,
  SyncRequest,
  VisitDoc,
} from "../src/technician/core/types.ts";

const step = (code: string, sources: string[], to: string, closes = "") => ({
  code,
  label: code,
  sources,
  to,
  closes,
  takes_reason: "" as const,
  wants_reason: false,
});

export const LIFECYCLE: Lifecycle = {
  actions: [
    step("extend", ["planned", "en_route", "on_site", "working", "break"], "same"),
    step("depart", ["planned", "on_site", "working", "break"], "en_route"),
    step("arrive", ["planned", "en_route"], "on_site"),
    step("start_work", ["planned", "en_route", "on_site"], "working"),
    step("break", ["en_route", "on_site", "working"], "break"),
    step("resume", ["break"], "before_break"),
    step("hand_back", ["en_route", "on_site", "working", "break"], "next", "handed_back"),
    step("complete", ["planned", "en_route", "on_site", "working", "break"], "done", "done"),
  ],
  next: { planned: "depart", en_route: "arrive", on_site: "start_work", working: "complete" },
  under_way: ["en_route", "on_site", "working"],
  statuses: ["planned", "en_route", "on_site", "working", "break", "done", "cancelled"].map(
    (code) => ({ code, label: code }),
  ),
  undo_minutes: 10,
};

export function me(change: Partial<Me> = {}): Me {
  return {
    user: { id: "u1", name: "Els", language: "en" },
    technician: { id: "t1", name: "Els" },
    device: "d1",
    company: { name: "Acme", phone: "", zone: "Europe/Brussels", country: "BE" },
    office: false,
    lifecycle: LIFECYCLE,
    reasons: { cancel: [], hand_back: [], absent: [] },
    push_key: "",
    position: { consent: false, days: 60 },
    hours: [],
    entries: [],
    notices: [],
    ...change,
  };
}

export function visit(id: string, change: Partial<VisitDoc> = {}): VisitDoc {
  return {
    id,
    order: {
      id: "o1",
      number: "1043",
      title: "Boiler",
      text: "",
      type: { name: "Repair", icon: "tool" },
      priority: "normal",
      priority_label: "Normal",
      stage: "planned",
      absent: 0,
    },
    slot: { start: "2026-11-27T08:00:00Z", end: "2026-11-27T09:00:00Z", expected_end: null },
    promise: null,
    wish: "",
    status: "planned",
    before_break: "",
    is_open: true,
    outcome: "",
    helper: false,
    seen: false,
    customer: { name: "Lemaire", alert: "", email: "" },
    site: {
      name: "Home",
      address: "",
      latitude: null,
      longitude: null,
      access: [],
      code: "",
      code_from: "",
    },
    calls: [],
    team: [],
    assets: [],
    earlier: [],
    attempts: [],
    notes: [],
    files: [],
    timeline: [],
    leg: null,
    times: [],
    checklist: [],
    parts: [],
    report: { text: "", unsigned_because: "" },
    signature: null,
    ...change,
  };
}

export const START = Date.parse("2026-11-27T07:00:00Z");

/** Takes everything, says `applied`, remembers; `fault` answers in its place. */
export class FakeServer {
  epoch = "e1";
  docs: Doc[] = [
    { id: "me", rev: "1", body: me() },
    { id: "visit:v1", rev: "1", body: visit("v1") },
  ];
  requests: SyncRequest[] = [];
  inbox = new Map<string, Command>();
  parts = new Map<string, Map<number, number>>();
  handed: string[] = [];
  now = START;
  fault: ((path: string, request: SyncRequest) => Reply | null) | null = null;
  answer: (command: Command) => Partial<Answer> = () => ({});

  readonly transport: Transport = async ({ method, path, body, headers }) => {
    const said = typeof body === "string" ? JSON.parse(body) : {};
    const instead = this.fault?.(path, said);
    if (instead) return instead;
    if (path === "/technician/sync") return ours(this.sync(said));
    if (path === "/technician/handover") {
      const kept = said.commands.map(({ id }: Command) => id);
      this.handed.push(...kept);
      return ours({ callout: 1, kept });
    }
    if (path.startsWith("/technician/files/")) {
      return ours(this.file(method, path, body as ArrayBuffer, Number(headers?.["X-Size"])));
    }
    return ours({ callout: 1, user: me().user, device: "d1" });
  };

  private sync(request: SyncRequest): SyncAnswer {
    this.requests.push(request);
    const answers = request.commands.map((command) => {
      this.inbox.set(command.id, command);
      const plain: Answer = {
        id: command.id,
        outcome: "applied",
        code: "",
        words: "",
        at: command.at,
        uncertain: false,
      };
      return { ...plain, ...this.answer(command) };
    });
    const here = new Set(this.docs.map(({ id }) => id));
    return {
      callout: 1,
      epoch: this.epoch,
      now: new Date(this.now).toISOString(),
      answers,
      docs: this.docs.filter(({ id, rev }) => request.known[id] !== rev),
      gone: Object.keys(request.known).filter((id) => !here.has(id as Doc["id"])),
      more: false,
    };
  }

  private file(method: string, path: string, body: ArrayBuffer, size: number) {
    const [sha = "", part] = path.replace("/technician/files/", "").split("/");
    const held = this.parts.get(sha) ?? new Map<number, number>();
    this.parts.set(sha, held);
    if (method === "PUT") held.set(Number(part), body.byteLength);
    const whole = [...held.values()].reduce((sum, one) => sum + one, 0) === size;
    return { callout: 1, size, held: [...held.keys()], state: whole ? "whole" : "receiving" };
  }
}

export function ours(json: unknown): Reply {
  return { status: 200, json };
}

export function refusal(status: number, code: string): Reply {
  return { status, json: { callout: 1, error: { code, message: `In words: ${code}` } } };
}

/** A browser: its storage survives the tabs. */
export class Browser {
  databases = { indexedDB: new IDBFactory(), IDBKeyRange };
  clock = START;
  private ids = 0;

  circumstances(app = "1"): Circumstances {
    return {
      now: () => this.clock,
      uuid: () => `c${++this.ids}`,
      app,
      databases: this.databases,
    };
  }

  async open(user = "u1", app = "1"): Promise<Phone> {
    const who = { user: { id: user, name: "Els", language: "en" }, device: "d1" };
    await withHolder(this.databases, (rows) => rows.put({ k: 1, who }));
    return Phone.open(who, this.circumstances(app));
  }
}

/** One that no other tab keeps from sending. */
export function senderOf(phone: Phone, server: FakeServer): Sender {
  return new Sender(phone, server.transport, async (_name, work) => work());
}
