import htmx from "htmx.org";
import { afterEach, describe, expect, it, vi } from "vitest";
import { hint } from "../src/shared/live.ts";

describe("a hint", () => {
  afterEach(() => vi.useRealTimers());

  it("has fetched again what shows its kind, at its pace, and nothing that somebody reads on in", () => {
    vi.useFakeTimers();
    const asked = vi.spyOn(htmx, "trigger");
    document.body.innerHTML = `<div id="at-once" data-live="service_order"></div>
      <div id="paced" data-live="service_order" data-live-pace="5000"></div>
      <div id="read" data-live="service_order"><ul><li data-live-read></li></ul></div>
      <div id="other" data-live="customer"></div>`;
    const bubbling = () => asked.mock.calls.filter(([, , , bubbles]) => bubbles !== false);
    const fetched = () => asked.mock.calls.map(([element]) => (element as Element).id);
    hint("service_order", "1");
    vi.advanceTimersByTime(300);
    expect(fetched()).toEqual(["at-once", "paced"]);
    expect(bubbling()).toEqual([]); // what holds it is not fetched with it
    hint("service_order", "2");
    hint("service_order", "3");
    vi.advanceTimersByTime(1000);
    expect(fetched()).toEqual(["at-once", "paced", "at-once", "at-once"]);
    vi.advanceTimersByTime(5000);
    expect(fetched().filter((id) => id === "paced")).toHaveLength(2);
  });
});
