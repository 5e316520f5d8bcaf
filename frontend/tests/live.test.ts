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

  it("has what names the thing itself fetched at once, whatever its pace for all of a kind", () => {
    vi.useFakeTimers();
    const asked = vi.spyOn(htmx, "trigger").mockClear();
    document.body.innerHTML =
      '<div id="page" data-live="customer:1 contact" data-live-pace="10000"></div>';
    const fetched = () => asked.mock.calls.length;
    const told = (kind: string, id: string, ms: number) => {
      hint(kind, id);
      vi.advanceTimersByTime(ms);
      return fetched();
    };
    expect(told("contact", "7", 300)).toBe(1);
    expect(told("contact", "8", 1000)).toBe(1);
    expect(told("customer", "1", 300)).toBe(2);
    expect(told("customer", "2", 300)).toBe(2);
    vi.advanceTimersByTime(10000);
    expect(fetched()).toBe(3);
  });
});
