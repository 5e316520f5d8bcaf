import { afterEach, describe, expect, it, vi } from "vitest";
import { namesIn, symbol } from "../build/icons.ts";
import { neighbour } from "../src/office/card-keys.ts";
import { range } from "../src/office/selection.ts";
import { icon, isTyping, spriteTake } from "../src/shared/dom.ts";
import { placeFor } from "../src/shared/menu.ts";
import { fill } from "../src/shared/texts.ts";
import { chosenTheme } from "../src/shared/theme.ts";
import { standing, tick, tickLate } from "../src/shared/tick.ts";

/** A page with the words that a countdown needs. */
function page(html: string): void {
  const words = {
    "due.left": "%(time)s left",
    "due.overdue": "%(time)s overdue",
    minutes: "%(count)d min",
    hours: "%(count)d h",
    days: "%(count)d d",
  };
  const json = JSON.stringify(words);
  document.body.innerHTML = `<script type="application/json" id="co-strings">${json}</script>${html}`;
}

describe("rows chosen with Shift", () => {
  const boxes = [1, 2, 3, 4].map(() => document.createElement("input"));
  const [one, two, three] = boxes as [HTMLInputElement, HTMLInputElement, HTMLInputElement];
  it("are all between the last one and this one, whichever comes first", () => {
    expect(range(boxes, one, three)).toEqual([one, two, three]);
    expect(range(boxes, three, one)).toEqual([one, two, three]);
  });
  it("are this one alone where the last one is none, or is gone", () => {
    expect(range(boxes, null, two)).toEqual([two]);
    expect(range(boxes, document.createElement("input"), two)).toEqual([two]);
  });
});

describe("texts", () => {
  it("fill in what they name and leave the rest", () => {
    expect(fill("Create “%(text)s” %(other)s", { text: "lem" })).toBe("Create “lem” %(other)s");
  });
});

describe("a response target", () => {
  const due = Date.parse("2026-11-24T12:00:00+00:00");
  const said = (iso: string) => standing(due, Date.parse(iso));
  it("says what is left, in the words and tones of the server", () => {
    page(`<span class="co-due co-late"><span data-due="2026-11-24T12:00:00+00:00">?</span></span>`);
    expect(said("2026-11-23T10:00:00Z")).toEqual({ words: "1 d left", tone: "" });
    expect(said("2026-11-24T07:50:30Z")).toEqual({ words: "4 h 09 left", tone: "" });
    expect(said("2026-11-23T19:30:00Z")).toEqual({ words: "16 h left", tone: "" });
    expect(said("2026-11-24T10:00:00Z")).toEqual({ words: "2 h left", tone: "soon" });
    expect(said("2026-11-24T11:59:50Z")).toEqual({ words: "1 min left", tone: "soon" });
    expect(said("2026-11-24T12:25:00Z")).toEqual({ words: "25 min overdue", tone: "late" });
  });
  it("counts on by itself", () => {
    tick(Date.parse("2026-11-24T10:00:00Z"));
    const mark = document.querySelector(".co-due");
    expect([mark?.textContent, mark?.className]).toEqual(["2 h left", "co-due co-soon"]);
  });
});

describe("what runs late", () => {
  it("says by how much as time goes on, where it is told already", () => {
    page(`<p data-late-since="2026-11-24T12:00:00+00:00" title="+25 min"><i data-late>+25 min</i></p>
      <p data-late-since="2026-11-24T16:00:00+00:00"></p>`);
    tickLate(Date.parse("2026-11-24T14:10:30Z"));
    const [late, inTime] = document.querySelectorAll("p");
    expect([late?.textContent, late?.title]).toEqual(["+2 h 10", "+2 h 10"]);
    expect(inTime?.textContent).toBe("");
  });
});

describe("a menu", () => {
  const view = { width: 400, height: 300 };
  const menu = { width: 200, height: 100 };
  it("opens under its button, ends with it, and stays on the screen", () => {
    const button = { left: 360, right: 392, top: 20, bottom: 52 };
    expect(placeFor(button, menu, view)).toEqual({ left: 192, top: 56 });
    expect(placeFor({ ...button, left: 0, right: 32 }, menu, view).left).toBe(8);
  });
  it("opens above where there is no room below", () => {
    const button = { left: 100, right: 300, top: 250, bottom: 282 };
    expect(placeFor(button, menu, view).top).toBe(146);
  });
});

describe("the theme", () => {
  it("is the cookie's, else the page's, else the device's", () => {
    expect(chosenTheme("a=1; callout_theme=dark")).toBe("dark");
    expect(chosenTheme("")).toBe("system");
  });
});

describe("shortcuts", () => {
  it("leave fields alone and work from boxes and buttons", () => {
    document.body.innerHTML = "<input><textarea></textarea><input type=checkbox><button></button>";
    expect([...document.body.children].map((child) => isTyping(child))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("cards by arrow keys", () => {
  it("walk within a column and skip empty ones", () => {
    document.body.innerHTML = `<div id="b"><div class="co-col"><i class="co-card" id="1"></i><i class="co-card" id="2"></i></div>
      <div class="co-col"></div><div class="co-col"><i class="co-card" id="3"></i></div></div>`;
    const board = document.getElementById("b") as HTMLElement;
    const from = (id: string, key: string) =>
      neighbour(board, document.getElementById(id) as HTMLElement, key)?.id;
    expect(from("1", "ArrowDown")).toBe("2");
    expect(from("2", "ArrowRight")).toBe("3");
    expect(from("3", "ArrowLeft")).toBe("1");
    expect(from("1", "ArrowUp")).toBeUndefined();
  });
});

describe("the icon sprite", () => {
  it("finds names as templates, Python and TypeScript write them", () => {
    const text = `{% icon "bolt" 20 %} icon="tool" icon: "map-pin" {"icon": "truck"} icon("x")`;
    expect(namesIn(text)).toEqual(["bolt", "tool", "map-pin", "truck", "x"]);
  });
  it("keeps the shapes and drops Tabler's empty frame", () => {
    const svg =
      '<svg a="b"><path stroke="none" d="M0 0h24v24H0z" fill="none" /><path d="M1 1" /></svg>';
    expect(symbol("a", svg)).toBe('<symbol id="a" viewBox="0 0 24 24"><path d="M1 1" /></symbol>');
  });
});

describe("the icons", () => {
  const drawn = () => icon("note").querySelector("use")?.getAttribute("href");
  const answered = (body: string) => vi.stubGlobal("fetch", async () => new Response(body));
  afterEach(() => vi.unstubAllGlobals());

  it("stay the sprite's where what comes in its place is a portal's page", async () => {
    document.body.innerHTML = `<svg class="i"><use href="/icons.svg#menu" /></svg>`;
    answered("<!doctype html><p>Please accept our terms</p>");
    await spriteTake();
    expect(drawn()).toBe("/icons.svg#note");
  });
  it("are the page's own once they have been taken, under names that nothing else has", async () => {
    document.body.innerHTML += `<h2 id="note">Note</h2>`;
    answered(`<svg xmlns="http://www.w3.org/2000/svg"><symbol id="note"><path /></symbol></svg>`);
    await spriteTake();
    expect(document.querySelector(drawn() ?? "")?.localName).toBe("symbol");
    expect(document.getElementById("note")?.localName).toBe("h2");
  });
});
