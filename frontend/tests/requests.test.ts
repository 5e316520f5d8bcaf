import { afterEach, describe, expect, it, vi } from "vitest";
import { isDone } from "../src/office/moves.ts";
import type { Context } from "../src/shared/requests.ts";
import {
  csrfToken,
  isOnlyWords,
  isSending,
  refusalWords,
  startRequests,
} from "../src/shared/requests.ts";

describe("the words of a refusal", () => {
  it("are those of its alert", () => {
    const html = '<p role="alert">Another visit\n is booked then.</p>';
    expect(refusalWords(html, 409)).toBe("Another visit is booked then.");
  });

  it("are a page's heading where a whole page came", () => {
    expect(refusalWords("<main><h1>Not yours</h1></main>", 404)).toBe("Not yours");
  });

  it("are our own where nothing was said", () => {
    expect(refusalWords("", 412)).toBe("error.stale");
    expect(refusalWords("", 503)).toBe("error.server");
  });
});

describe("a body of words only", () => {
  it("is told from a form that comes back with its errors", () => {
    expect(isOnlyWords('<p class="alert" role="alert">No.</p>')).toBe(true);
    expect(isOnlyWords('<form><span role="alert">Type 10 digits</span></form>')).toBe(false);
    expect(isOnlyWords("")).toBe(true);
  });
});

describe("a move", () => {
  const answer = (status: number, text = "") =>
    ({ response: { status }, text, hx: {} }) as unknown as Context;

  it("is done where the server says so", () => {
    expect(isDone(answer(204))).toBe(true);
    expect(isDone(answer(200, '<hx-partial hx-target="#co-toasts">'))).toBe(true);
  });

  it("is not done where it is refused, unanswered, or asked about first", () => {
    expect(isDone(answer(409))).toBe(false);
    expect(isDone(undefined)).toBe(false);
    expect(isDone(answer(200, '<hx-partial hx-target="#co-dialog">'))).toBe(false);
  });
});

describe("the token", () => {
  it("is the cookie's, which is newer than the page after signing in again", () => {
    document.head.innerHTML = '<meta name="csrf-token" content="old" data-cookie="callout-csrf">';
    expect(csrfToken("a=1; callout-csrf=new")).toBe("new");
    expect(csrfToken("a=1; xcallout-csrf=other")).toBe("old");
  });
});

describe("a form that the browser sends itself", () => {
  afterEach(() => vi.useRealTimers());

  it("is sent once, and again after a while: somebody may have stopped it", () => {
    vi.useFakeTimers();
    startRequests();
    document.body.innerHTML = '<form method="post"><button>Save</button></form>';
    const form = document.querySelector("form") as HTMLFormElement;
    const submitter = form.querySelector("button") as HTMLButtonElement;
    const goes = () => {
      const event = new Event("submit", { bubbles: true, cancelable: true });
      return form.dispatchEvent(Object.assign(event, { submitter }));
    };
    expect([goes(), goes()]).toEqual([true, false]);
    expect([isSending(form), submitter.className]).toEqual([true, "is-busy"]);
    vi.advanceTimersByTime(10_000);
    expect([isSending(form), submitter.className]).toEqual([false, ""]);
    expect(goes()).toBe(true);
  });
});
