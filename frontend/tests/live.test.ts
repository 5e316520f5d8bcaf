import htmx from "htmx.org";
import { afterEach, describe, expect, it, vi } from "vitest";
import { hint, startLive } from "../src/shared/live.ts";
import { isBeingEdited } from "../src/shared/live-typing.ts";
import { startMissed } from "../src/shared/live-missed.ts";
import { startRequests } from "../src/shared/requests.ts";

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

describe("what is heard while an answer is on its way", () => {
  afterEach(() => vi.useRealTimers());
  startMissed();

  const live = '<div id="found" data-live="service_order"></div>';
  const happens = (name: string, sourceElement: Element, ctx: object) =>
    document.dispatchEvent(
      new CustomEvent(`htmx:${name}`, {
        detail: { ctx: Object.assign(ctx, { sourceElement }) },
        cancelable: true,
      }),
    );

  function refreshes(answer: (element: HTMLElement) => void): number {
    vi.useFakeTimers();
    document.body.innerHTML = `${live}<form data-live-form="service_order:1">
      <p data-changed hidden></p></form>`;
    const found = document.getElementById("found") as HTMLElement;
    const ctx = {};
    happens("before:request", found, ctx);
    hint("service_order", "1");
    vi.advanceTimersByTime(300);
    const asked = vi.spyOn(htmx, "trigger").mockClear();
    answer(found);
    happens("finally:request", found, ctx);
    vi.advanceTimersByTime(300);
    return asked.mock.calls.length;
  }

  it("is told again to what the answer has put in place", () => {
    expect(refreshes((found) => found.replaceWith(document.createElement("p")))).toBe(0);
    expect(refreshes((found) => (found.outerHTML = live))).toBe(1);
  });

  it("is not told again where the answer has put nothing live, nor to forms", () => {
    expect(refreshes((found) => (found.textContent = "3"))).toBe(0);
    refreshes((found) => {
      found.outerHTML = live;
      (document.querySelector("[data-changed]") as HTMLElement).hidden = true;
    });
    expect(document.querySelector<HTMLElement>("[data-changed]")?.hidden).toBe(true);
  });

  it("spares the request that waited on an element that is gone", () => {
    document.body.innerHTML = live;
    const found = document.getElementById("found") as HTMLElement;
    expect(happens("before:request", found, {})).toBe(true);
    found.remove();
    expect(happens("before:request", found, {})).toBe(false);
  });
});

describe("what somebody has in hand", () => {
  const within = (form: string) => {
    document.body.innerHTML = `<div id="live" data-live="plan_draft">${form}</div>`;
    return document.getElementById("live") as HTMLElement;
  };

  it("is a tick, a choice or a word that differs from what came, until it is as it came", () => {
    const ticked = within('<form><input type="checkbox" name="move" value="1" checked></form>');
    const box = ticked.querySelector("input") as HTMLInputElement;
    expect(isBeingEdited(ticked)).toBe(false);
    box.checked = false;
    expect(isBeingEdited(ticked)).toBe(true);
    box.checked = true;
    expect(isBeingEdited(ticked)).toBe(false);
    const chosen = within("<form><select><option>a</option><option>b</option></select></form>");
    expect(isBeingEdited(chosen)).toBe(false);
    (chosen.querySelector("select") as HTMLSelectElement).selectedIndex = 1;
    expect(isBeingEdited(chosen)).toBe(true);
  });

  it("is a form whose answer is awaited, and not one that was answered", () => {
    startRequests();
    const form = within('<form class="htmx-request"></form>').querySelector("form") as Element;
    const live = document.getElementById("live") as HTMLElement;
    const ctx = { sourceElement: form, request: { method: "POST", headers: {}, body: null } };
    const happens = (name: string) =>
      document.dispatchEvent(new CustomEvent(`htmx:${name}`, { detail: { ctx } }));
    expect(isBeingEdited(live)).toBe(false);
    happens("config:request");
    expect(isBeingEdited(live)).toBe(true);
    happens("finally:request");
    expect(isBeingEdited(live)).toBe(false);
  });

  it("is no draft: that is put into what comes", () => {
    const kept = within('<form data-draft="x" data-dirty><textarea name="note"></textarea></form>');
    (kept.querySelector("textarea") as HTMLTextAreaElement).value = "Call me";
    expect(isBeingEdited(kept)).toBe(false);
  });
});

describe("what got no answer", () => {
  afterEach(() => vi.useRealTimers());
  startLive();

  it("is asked for again: a refresh, and more of a list or column; nothing that was refused", () => {
    vi.useFakeTimers();
    document.body.innerHTML = `<div id="found" data-live="service_order"></div>
      <div class="co-more" id="cards"></div><button id="pressed"></button>
      <table><tr data-more><td id="rows"></td></tr></table>`;
    const asked = vi.spyOn(htmx, "trigger").mockClear();
    const fails = (id: string, response?: { status: number }) => {
      const ctx = { sourceElement: document.getElementById(id), response };
      document.dispatchEvent(new CustomEvent("htmx:error", { detail: { ctx } }));
      vi.advanceTimersByTime(4000);
      return asked.mock.calls.splice(0).map(([element, name]) => [(element as Element).id, name]);
    };
    for (const id of ["found", "cards", "rows"]) expect(fails(id)).toEqual([[id, "live"]]);
    expect(fails("cards", { status: 503 })).toEqual([["cards", "live"]]);
    expect(fails("cards", { status: 403 })).toEqual([]);
    expect(fails("pressed")).toEqual([]);
  });
});
