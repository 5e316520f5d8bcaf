import { beforeEach, describe, expect, it, vi } from "vitest";
import { Recent } from "../src/shared/live-recent.ts";
import { type Heard, LiveSource, parseHint } from "../src/shared/live-source.ts";

class FakeStream extends EventTarget {
  static made: FakeStream[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  readyState = 0;
  constructor(readonly address: string) {
    super();
    FakeStream.made.push(this);
  }
  close() {
    this.readyState = 2;
  }
  say(type: string, data: unknown, lastEventId = "") {
    const event = new MessageEvent(type, { data: JSON.stringify(data), lastEventId });
    if (type === "message") this.onmessage?.(event);
    else this.dispatchEvent(event);
  }
}

const last = () => FakeStream.made.at(-1) as FakeStream;

function started() {
  const heard: Heard[] = [];
  const open = (address: string) => new FakeStream(address) as unknown as EventSource;
  const source = new LiveSource("http://x/live", (one) => heard.push(one), open);
  source.start();
  last().onopen?.();
  last().say("ready", { resumed: false }, "c1");
  return { heard, source };
}

beforeEach(() => {
  FakeStream.made = [];
  vi.useFakeTimers();
});

describe("a hint", () => {
  it("names kind and id; anything else is not one", () => {
    expect(parseHint('{"kind":"service_order","id":"7","entry":"depart"}')).toEqual({
      type: "hint",
      kind: "service_order",
      id: "7",
    });
    expect(parseHint('{"kind":"service_order"}')).toBeNull();
    expect(parseHint("still here")).toBeNull();
  });
});

describe("the stream", () => {
  it("tells its state and its hints, and asks for no resync when it opens first", () => {
    const { heard } = started();
    last().say("message", { kind: "service_order", id: "7" }, "c2");
    expect(heard).toEqual([
      { type: "state", on: true },
      { type: "hint", kind: "service_order", id: "7" },
    ]);
  });

  it("opens again where it was refused, going on after the last event", () => {
    const { heard } = started();
    last().say("message", { kind: "service_order", id: "7" }, "c2");
    last().readyState = 2;
    last().onerror?.();
    vi.advanceTimersByTime(1000);
    expect(last().address).toBe("http://x/live?after=c2");
    last().say("ready", { resumed: true }, "c2");
    expect(heard.filter((one) => one.type === "resync")).toEqual([]);
  });

  it("asks for everything again when the server cannot go on from there", () => {
    const { heard } = started();
    last().readyState = 2;
    last().onerror?.();
    vi.advanceTimersByTime(1000);
    last().say("ready", { resumed: false }, "c9");
    expect(heard.at(-1)).toEqual({ type: "resync" });
  });

  it("leaves the reconnecting to the browser while that tries", () => {
    started();
    last().readyState = 0;
    last().onerror?.();
    vi.advanceTimersByTime(60_000);
    expect(FakeStream.made).toHaveLength(1);
  });

  it("waits ever longer, at most 30 seconds", () => {
    started();
    for (const wait of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = FakeStream.made.length;
      last().readyState = 2;
      last().onerror?.();
      vi.advanceTimersByTime(wait - 1);
      expect(FakeStream.made).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(FakeStream.made).toHaveLength(before + 1);
    }
  });

  it("is opened again where nothing came for long, not even that the server is still there", () => {
    const { heard } = started();
    for (let quarter = 0; quarter < 8; quarter++) {
      vi.advanceTimersByTime(15_000);
      last().say("still", {}, `c${quarter}`);
    }
    expect(FakeStream.made).toHaveLength(1);
    const [lost] = FakeStream.made;
    vi.advanceTimersByTime(60_000);
    expect(lost?.readyState).toBe(2);
    expect(FakeStream.made).toHaveLength(2);
    expect(last().address).toBe("http://x/live?after=c7");
    expect(heard.at(-1)).toEqual({ type: "state", on: false });
  });

  it("does not wait once there is a network again, and is opened once for all pages", () => {
    const { source } = started();
    for (let turn = 0; turn < 6; turn++) {
      last().readyState = 2;
      last().onerror?.();
      vi.advanceTimersByTime(turn < 5 ? 2 ** turn * 1000 : 2000);
    }
    const before = FakeStream.made.length; // the next is due in half a minute
    source.again();
    source.again();
    expect(FakeStream.made).toHaveLength(before + 1);
    vi.advanceTimersByTime(40_000);
    expect(FakeStream.made).toHaveLength(before + 1);
    source.stop();
    source.again();
    expect(FakeStream.made).toHaveLength(before + 1);
  });

  it("says how it stands to a page that has seen the network come back just after it was opened", () => {
    const { heard, source } = started();
    source.again();
    expect(FakeStream.made).toHaveLength(1);
    expect(heard.at(-1)).toEqual({ type: "state", on: true });
  });
});

describe("a page that joins the stream of others", () => {
  const one: Heard = { type: "hint", kind: "service_order", id: "1" };
  const two: Heard = { type: "hint", kind: "service_order", id: "2" };

  it("hears what it has missed since it was asked for, be it a minute ago", () => {
    const recent = new Recent(1000);
    recent.add(one, 2000);
    recent.add(two, 70_000);
    expect(recent.after(3000, 99_000)).toEqual([two]);
    expect(recent.after(1500, 99_000)).toEqual([one, two]);
  });

  it("asks for everything again where what it has missed is not known", () => {
    const recent = new Recent(1000);
    expect(recent.after(900, 99_000)).toEqual([{ type: "resync" }]);
    for (let at = 2000; at < 3000; at++) recent.add(one, at);
    expect(recent.after(2100, 99_000)).toEqual([{ type: "resync" }]);
    expect(recent.after(2900, 99_000)).toHaveLength(100);
  });

  it("asks for it once where the clock was set back", () => {
    const recent = new Recent(100_000);
    expect(recent.after(40_000, 40_500)).toEqual([{ type: "resync" }]);
    expect(recent.after(41_000, 41_500)).toEqual([]);
  });
});
