import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveList, placeAmong } from "../src/shared/live-list.ts";

const card = (id: string, column: string, sort: string, words = id) =>
  `<article class="co-card co-k-${column}" id="order-${id}" data-live-item="service_order:${id}"
    data-column="${column}" data-sort="${sort}"><a href="/${id}">${words}</a></article>`;

function board(): { root: HTMLElement; list: LiveList } {
  document.body.innerHTML = `<div data-live-list="service_order" data-live-url="/cards">
    <span id="count-new">2</span>
    <div data-cards="new">${card("a", "new", "10")}${card("c", "new", "30")}</div>
    <div data-cards="planned">${card("p", "planned", "15")}<div class="co-more">…</div></div></div>`;
  const root = document.querySelector<HTMLElement>("[data-live-list]") as HTMLElement;
  return { root, list: new LiveList(root) };
}

const ids = (column: string) =>
  [...document.querySelectorAll(`[data-cards=${column}] > article`)].map((one) => one.id);

let list: LiveList;
beforeEach(() => {
  ({ list } = board());
});

describe("placeAmong", () => {
  it("finds the place before the first that comes later", () => {
    expect(placeAmong(["10", "20", "30"], "20", false)).toBe(2);
    expect(placeAmong(["10", "30"], "20", false)).toBe(1);
    expect(placeAmong(["30", "10"], "20", true)).toBe(1);
    expect(placeAmong([], "20", false)).toBe(0);
  });
});

describe("a board that is told of a change", () => {
  it("moves the card to its new column, sorted in, and lets it glow", () => {
    list.reconcile(["a"], card("a", "planned", "12"));
    expect(ids("new")).toEqual(["order-c"]);
    expect(ids("planned")).toEqual(["order-a", "order-p"]);
    expect(document.getElementById("order-a")?.classList.contains("is-changed")).toBe(true);
  });

  it("sorts a new card in between", () => {
    list.reconcile(["b"], card("b", "new", "20"));
    expect(ids("new")).toEqual(["order-a", "order-b", "order-c"]);
  });

  it("takes away what the answer does not hold any more", () => {
    list.reconcile(["a"], "");
    expect(ids("new")).toEqual(["order-c"]);
  });

  it("shows no card whose place is among those not loaded yet", () => {
    list.reconcile(["z"], card("z", "planned", "99"));
    expect(ids("planned")).toEqual(["order-p"]);
  });

  it("leaves a card alone that looks the same, and touches no card that was not asked", () => {
    const before = document.getElementById("order-a");
    list.reconcile(["a"], card("a", "new", "10") + card("c", "planned", "1"));
    expect(document.getElementById("order-a")).toBe(before);
    expect(before?.classList.contains("is-changed")).toBe(false);
    expect(ids("new")).toEqual(["order-a", "order-c"]);
  });

  it("takes in what came up in the place of one that left", () => {
    list.reconcile(["a"], card("d", "new", "40") + card("c", "planned", "1"));
    expect(ids("new")).toEqual(["order-c", "order-d"]);
  });

  it("puts a card back that a drag left in another column", () => {
    const dragged = document.getElementById("order-a") as HTMLElement;
    document.querySelector("[data-cards=planned]")?.prepend(dragged);
    list.reconcile(["a"], card("a", "new", "10"));
    expect(ids("new")).toEqual(["order-a", "order-c"]);
  });

  it("keeps the focus on the card that is replaced", () => {
    document.querySelector<HTMLElement>("#order-a a")?.focus();
    list.reconcile(["a"], card("a", "new", "10", "changed"));
    expect(document.activeElement?.closest("article")?.id).toBe("order-a");
  });

  it("replaces the counts that come along", () => {
    list.reconcile(["a"], '<span id="count-new" data-live-set>7</span>');
    expect(document.getElementById("count-new")?.textContent).toBe("7");
  });
});

describe("asking", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("asks once for what changed within 200 ms, and again where no answer came", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (address: URL) => {
      asked.push(address.searchParams.get("ids") ?? "");
      if (asked.length === 1) throw new TypeError("no connection");
      return new Response(card("a", "planned", "12"));
    });
    list.ask("a");
    list.ask("c");
    list.ask("a");
    await vi.advanceTimersByTimeAsync(250);
    expect(asked).toEqual(["a,c"]);
    await vi.advanceTimersByTimeAsync(3100);
    expect(asked).toEqual(["a,c", "a,c"]);
    expect(ids("planned")).toContain("order-a");
    expect(ids("new")).toEqual([]);
  });

  it("does not ask again for what was refused", async () => {
    let asked = 0;
    vi.stubGlobal("fetch", async () => {
      asked += 1;
      return new Response("", { status: 403 });
    });
    list.ask("a");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toBe(1);
  });
});

describe("where more was missed than can be told", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    document.body.replaceChildren();
  });

  it("the page is drawn anew, for what is new is not on it; never under somebody's hands", async () => {
    vi.useFakeTimers();
    const drawn = vi.spyOn(location, "reload").mockImplementation(() => undefined);
    const fetched = vi.fn(async () => new Response(card("a", "planned", "12")));
    vi.stubGlobal("fetch", fetched);
    list.start();
    document.body.insertAdjacentHTML("beforeend", "<dialog open></dialog>");
    document.dispatchEvent(new CustomEvent("live:resync"));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(drawn).not.toHaveBeenCalled();
    expect(ids("planned")).toContain("order-a"); // what is shown is right meanwhile
    document.querySelector("dialog")?.remove();
    await vi.advanceTimersByTimeAsync(3000);
    expect(drawn).toHaveBeenCalledOnce();
    document.dispatchEvent(new CustomEvent("live:resync"));
    expect(drawn).toHaveBeenCalledTimes(2);
  });
});

describe("what begins to run late while nobody does anything", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    document.body.replaceChildren();
  });

  it("is asked for by itself, and what is told already or has time is not", async () => {
    vi.useFakeTimers();
    const asked: (string | null)[] = [];
    vi.stubGlobal("fetch", async (address: URL) => {
      asked.push(address.searchParams.get("ids"));
      return new Response("", { status: 404 });
    });
    const since = (id: string, minutes: number) => {
      const item = document.getElementById(`order-${id}`) as HTMLElement;
      item.dataset.lateSince = new Date(Date.now() + minutes * 60_000).toISOString();
      return item;
    };
    since("a", 1);
    since("c", 60);
    since("p", -60).insertAdjacentHTML("beforeend", "<span data-late>+1 h</span>");
    list.start();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toEqual(["a"]);
  });

  it("comes onto a list of late orders, which is told beforehand what and when, and asks nothing else", async () => {
    vi.useFakeTimers();
    const asked: (string | null)[] = [];
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const coming = (until: string, ...each: string[]) =>
      `<span id="co-coming" data-live-set hidden data-until="${until}" data-coming="${each.join(" ")}"></span>`;
    vi.stubGlobal("fetch", async (address: URL) => {
      asked.push(address.searchParams.get("ids"));
      return new Response(card("b", "new", "20") + coming(at(30)));
    });
    document.body.insertAdjacentHTML("beforeend", coming(at(30), `b=${at(1)}`, `d=${at(20)}`));
    list.start();
    await vi.advanceTimersByTimeAsync(50_000);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toEqual(["b"]);
    expect(ids("new")).toEqual(["order-a", "order-b", "order-c"]);
    await vi.advanceTimersByTimeAsync(29 * 60_000);
    expect(asked).toEqual(["b"]); // the answer knew of no other
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(asked).toEqual(["b", ""]); // what it knew has come to its end
  });
});
