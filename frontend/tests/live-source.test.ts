import { beforeEach, describe, expect, it, vi } from "vitest";
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
});
