/** The real core of the phone, driven over stdin and stdout by tests/fieldwork/phones.py.
 *
 * A line in is `{k, op, ...}`; its answer is `{done: k, result}`. What a phone asks of the server
 * goes out as `{http, ...}` and is answered by `{reply, status, json}`, `{reply, error}` for no
 * connection, or `{reply, kill}`: the phone dies waiting.
 */

import { createInterface } from "node:readline";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { BATCH } from "../../src/technician/core/exchange.ts";
import {
  type Circumstances,
  Phone,
  Sender,
  seal,
  type Shown,
} from "../../src/technician/core/index.ts";
import { sha256 } from "../../src/technician/core/files.ts";
import { phoneNow, signIn } from "../../src/technician/core/session.ts";
import type { Reply, Transport } from "../../src/technician/core/transport.ts";

interface Line {
  k: number;
  op: string;
  p: string;
  now: number;
  [name: string]: unknown;
}

interface Said {
  reply: number;
  status?: number;
  json?: unknown;
  error?: string;
  kill?: boolean;
}

const say = (told: unknown) => process.stdout.write(`${JSON.stringify(told)}\n`);

let asked = 0;
const waiting = new Map<number, (said: Said) => void>();
/** The server's clock, as of the last line. */
let now = 0;

/** The same ids in the same run each time, in no order: a failing run can be told again. */
let ids = 1;
function uuid(): string {
  let text = "";
  while (text.length < 32) {
    ids = (Math.imul(ids, 1_664_525) + 1_013_904_223) >>> 0;
    text += (ids >>> 16).toString(16).padStart(4, "0");
  }
  const part = (from: number, to: number) => text.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`;
}

/** One browser with its storage; `phone` is the tab that is open on it. */
class Browser {
  factory = new IDBFactory();
  phone: Phone | null = null;
  off = 0;
  killed: (() => void) | null = null;

  constructor(readonly name: string) {}

  circumstances(): Circumstances {
    return {
      now: () => now + this.off,
      uuid,
      app: "test",
      databases: { indexedDB: this.factory, IDBKeyRange },
    };
  }

  readonly transport: Transport = ({ method, path, body, headers }) =>
    new Promise<Reply>((answered, failed) => {
      const id = ++asked;
      waiting.set(id, (said) => {
        if (said.kill) this.kill();
        else if (said.error) failed(new TypeError(said.error));
        else answered({ status: said.status ?? 0, json: said.json });
      });
      const bytes = typeof body === "string" || !body ? undefined : Buffer.from(body);
      const text = typeof body === "string" ? body : undefined;
      say({
        http: id,
        p: this.name,
        method,
        path,
        text,
        bytes: bytes?.toString("base64"),
        headers,
      });
    });

  /** No warning, nothing awaited: what the disk has is all that is left. */
  kill(): void {
    this.phone?.close();
    this.phone = null;
    this.killed?.();
  }

  async open(): Promise<Phone> {
    this.phone ??= await phoneNow(this.circumstances());
    this.phone ??= await signIn(this.transport, this.circumstances());
    return this.phone;
  }

  /** Sends what waits; how the sender stands then. */
  async sync(batch: number): Promise<string> {
    BATCH.commands = batch;
    const phone = await this.open();
    const sender = new Sender(phone, this.transport, async (_name, work) => work());
    await sender.wake();
    const { state } = sender;
    sender.stop();
    if (state === "lost") this.phone = null;
    return state;
  }
}

let browsers = new Map<string, Browser>();

async function show(phone: Phone): Promise<unknown> {
  const rows = await phone.store.docs.toArray();
  const visits = await phone.visits();
  return {
    docs: Object.fromEntries(rows.map(({ id, doc }) => [id, doc.body])),
    views: Object.fromEntries(visits.map((visit) => [`visit:${visit.id}`, visit])),
    entries: await phone.entries(),
    unsent: await phone.unsent(),
  };
}

const OPS: Record<string, (line: Line, browser: Browser) => Promise<unknown>> = {
  async reset({ phones }) {
    for (const browser of browsers.values()) browser.kill();
    ids = 1;
    browsers = new Map((phones as string[]).map((name) => [name, new Browser(name)]));
    return null;
  },
  async tap({ visit, action, body, file }, browser) {
    const phone = await browser.open();
    const files = [];
    if (file) {
      const bytes = new TextEncoder().encode(file as string).buffer as ArrayBuffer;
      const hash = await sha256(bytes);
      files.push({ sha256: hash, name: "a.jpg", type: "image/jpeg", bytes });
      Object.assign(body as object, { file: hash, size: bytes.byteLength });
    }
    return phone.tap(visit as string, action as string, body as Record<string, unknown>, files);
  },
  /** As the page Sign does it: what is shown is sealed, and goes with the signature. */
  async sign({ visit, name, image }, browser) {
    const phone = await browser.open();
    const shown = (await phone.visits()).find(({ id }) => id === visit);
    if (!shown) return null;
    const signed = { name: name as string, image: image as string };
    const summary = { company: "C", language: "en", texts: [["Report", shown.report.text]] };
    const signed_at = new Date(browser.circumstances().now()).toISOString();
    const made = await seal(shown, { ...summary, ...signed, signed_at } as Shown);
    return phone.tap(visit as string, "sign", { ...signed, seal: made.seal });
  },
  async clock({ off }, browser) {
    browser.off = off as number;
    return null;
  },
  async sync({ batch }, browser) {
    return browser.sync(batch as number);
  },
  async sign_in(_line, browser) {
    const phone = await signIn(browser.transport, browser.circumstances());
    browser.phone?.close();
    browser.phone = phone;
    return phone.who.device;
  },
  async kill(_line, browser) {
    browser.kill();
    return null;
  },
  async wipe(_line, browser) {
    browser.kill();
    browser.factory = new IDBFactory();
    return null;
  },
  async left(_line, browser) {
    const { commands, files } = await (await browser.open()).unsent();
    return commands + files;
  },
  async show(_line, browser) {
    return show(await browser.open());
  },
};

async function answer(line: Line): Promise<void> {
  now = line.now ?? now;
  const browser = browsers.get(line.p) as Browser;
  // Who dies while it waits for an answer, signing in too, never comes back from that.
  const died = new Promise<string>((done) => {
    if (browser) browser.killed = () => done("killed");
  });
  try {
    say({ done: line.k, result: await Promise.race([OPS[line.op]?.(line, browser), died]) });
  } catch (error) {
    say({
      done: line.k,
      failed: error instanceof Error ? `${error.name}: ${error.message}` : error,
    });
  }
}

createInterface({ input: process.stdin })
  .on("line", (text) => {
    const line = JSON.parse(text) as Line & Said;
    if (!line.reply) {
      void answer(line);
      return;
    }
    const take = waiting.get(line.reply);
    waiting.delete(line.reply);
    take?.(line);
  })
  .on("close", () => process.exit());
