import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { scan } from "../src/shared/dom.ts";
import { showToast, startToasts, type Toast } from "../src/shared/toasts.ts";

startToasts();

beforeEach(() => {
  document.body.innerHTML = '<div id="co-toasts"></div>';
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

/** One that was told; htmx would say that it came. */
function told(toast: Toast): HTMLElement {
  showToast(toast);
  scan(document.body);
  return document.querySelector(".co-toast:last-child") as HTMLElement;
}

const texts = () =>
  [...document.querySelectorAll(".co-toast > span + span")].map((one) => one.textContent);

describe("a toast", () => {
  it("goes after six seconds", () => {
    told({ text: "Planned" });
    vi.advanceTimersByTime(5999);
    expect(texts()).toEqual(["Planned"]);
    vi.advanceTimersByTime(1);
    expect(texts()).toEqual([]);
  });
  it("stays twice as long when it says that something was refused", () => {
    told({ text: "Not saved", tone: "error" });
    vi.advanceTimersByTime(11_999);
    expect(texts()).toEqual(["Not saved"]);
    vi.advanceTimersByTime(1);
    expect(texts()).toEqual([]);
  });
  it.each(["20000ms", "20s", " 20.0s"])("stays as long as a style sheet says: %s", (said) => {
    document.documentElement.style.setProperty("--co-toast", said);
    told({ text: "Planned" });
    vi.advanceTimersByTime(19_999);
    document.documentElement.style.removeProperty("--co-toast");
    expect(texts()).toEqual(["Planned"]);
    vi.advanceTimersByTime(1);
    expect(texts()).toEqual([]);
  });
  it("does not go while somebody points at it, and soon after", () => {
    const toast = told({ text: "Planned" });
    toast.dispatchEvent(new Event("pointerenter"));
    vi.advanceTimersByTime(60_000);
    expect(texts()).toEqual(["Planned"]);
    toast.dispatchEvent(new Event("pointerleave"));
    vi.advanceTimersByTime(2000);
    expect(texts()).toEqual([]);
  });
  it("does not go while somebody stands on its button", () => {
    const toast = told({ text: "Planned", undo: () => undefined });
    const button = toast.querySelector("button") as HTMLButtonElement;
    button.focus();
    vi.advanceTimersByTime(60_000);
    expect(texts()).toEqual(["Planned"]);
    button.blur();
    vi.advanceTimersByTime(1500);
    expect(texts()).toEqual([]);
  });
  it("makes room: three are shown at most, the oldest goes", () => {
    for (const text of ["1", "2", "3", "4"]) told({ text });
    expect(texts()).toEqual(["2", "3", "4"]);
  });
  it("undoes once, and is gone", () => {
    const undo = vi.fn();
    const toast = told({ text: "Moved", undo });
    (toast.querySelector("button") as HTMLButtonElement).click();
    expect(undo).toHaveBeenCalledOnce();
    expect(texts()).toEqual([]);
  });
});
