import { describe, expect, it } from "vitest";
import type { Entry } from "../src/technician/core/index.ts";
import { mapLink } from "../src/technician/links.ts";
import { routeOf } from "../src/technician/route.svelte.ts";
import { found } from "../src/technician/search.ts";
import {
  becomeOf,
  elsewhere,
  entryWords,
  happened,
  hasPictures,
  isOutOfRange,
  lookedAt,
  makesUnderWay,
  isAnswered,
  missingOf,
  shownOf,
  signerOf,
  undoOf,
} from "../src/technician/shown.ts";
import { timeTrouble } from "../src/technician/true-time.ts";
import { When } from "../src/technician/when.ts";
import { LIFECYCLE, me, visit } from "./phone-server.ts";

// The words that are filled in; any other text is its key.
const strings = document.createElement("script");
strings.id = "co-strings";
strings.type = "application/json";
strings.textContent = JSON.stringify({
  "phone.minutes": "%(count)s min",
  "phone.step.longer": "%(action)s +%(time)s",
});
document.head.append(strings);

const FILE = {
  ...{ id: "f", name: "a.jpg", photo: true, own: false, sha256: "", tag: "", item: "" },
  ...{ url: "", thumb: "", words: "" },
};
const ITEM = { low: null, high: null, unit: "", choices: [], required: true, answer: null };

function entry(id: string, change: Partial<Entry> = {}): Entry {
  return {
    id,
    n: 1,
    visit: "a",
    action: "depart",
    body: {},
    at: "2026-11-27T08:00:00Z",
    mark: "on_phone",
    code: "",
    words: "",
    refused: false,
    decided: "",
    decided_note: "",
    files: [],
    ...change,
  };
}

const step = (command: string, at = "2026-11-27T08:00:00Z") => ({
  id: "",
  command,
  action: "depart",
  label: "Depart",
  status: "en_route",
  at,
  first_at: null,
  who: "Els",
  own: true,
  minutes: null,
  uncertain: false,
});

describe("ready for offline", () => {
  const file = (thumb: string) => ({ ...FILE, thumb });

  it("asks for the small picture of every file that has one, of every visit", () => {
    const visits = [
      visit("a", { files: [file("/t/1"), file("")] }),
      visit("b", { files: [file("/t/2")] }),
    ];
    expect(hasPictures(visits, new Set(["/t/1", "/t/2"]))).toBe(true);
    expect(hasPictures(visits, new Set(["/t/1"]))).toBe(false);
    expect(hasPictures([visit("c")], new Set())).toBe(true);
  });
});

describe("a visit as it is shown", () => {
  it("says of each own thing how far it is, and of the whole the least far", () => {
    const doc = visit("a", { timeline: [step("c1")] });
    const note = entry("c2", { action: "note", body: { id: "n1" }, mark: "received" });
    const shown = shownOf(doc, [entry("c1", { mark: "applied" }), note]);
    expect(shown.timeline[0]?.mark).toBe("applied");
    expect(shown.marks).toMatchObject({ n1: "received" });
    expect(shown.mark).toBe("received");
  });

  it("counts neither a look nor another visit's entries", () => {
    const others = [entry("c1", { action: "see" }), entry("c2", { visit: "b" })];
    expect(shownOf(visit("a"), others).mark).toBeNull();
  });

  it("needs no look any more once the office has decided", () => {
    const late = entry("c1", { mark: "needs_look" });
    expect(shownOf(visit("a"), [late]).mark).toBe("needs_look");
    expect(shownOf(visit("a"), [{ ...late, decided: "note" }]).mark).toBeNull();
  });

  it("takes a no for an answer, which does what is required no more than none", () => {
    const ask = (answer: boolean | null) =>
      shownOf(
        visit("a", {
          checklist: [{ ...ITEM, id: "1", text: "Gas closed", kind: "tick" as const, answer }],
        }),
        [],
      );
    const seen = [true, false, null].map((answer) => {
      const shown = ask(answer);
      return [isAnswered(shown, "1"), missingOf(shown).length];
    });
    expect(seen).toEqual([
      [true, 0],
      [true, 1],
      [false, 1],
    ]);
  });

  it("is held back by required lines only, and a photo that is on the phone is one", () => {
    const checklist = [
      { ...ITEM, id: "1", text: "Power off", kind: "tick" as const, answer: false },
      { ...ITEM, id: "2", text: "Plate", kind: "photo" as const },
      { ...ITEM, id: "3", text: "Remarks", kind: "text" as const, required: false },
    ];
    const file = {
      id: "f",
      name: "",
      photo: true,
      own: true,
      sha256: "",
      tag: "checklist",
      item: "2",
      url: "",
      thumb: "",
      words: "",
    };
    const bare = shownOf(visit("a", { checklist }), []);
    expect(missingOf(bare).map(({ id }) => id)).toEqual(["1", "2"]);
    const filled = shownOf(visit("a", { checklist, files: [file] }), []);
    expect(missingOf(filled).map(({ id }) => id)).toEqual(["1"]);
  });
});

describe("what may be done", () => {
  const now = Date.parse("2026-11-27T08:05:00Z");

  it("undoes the own last step for ten minutes, and not what was signed since", () => {
    const shown = shownOf(visit("a", { timeline: [step("c1")] }), []);
    expect(undoOf(me(), shown, now)?.command).toBe("c1");
    expect(undoOf(me(), shown, now + 6 * 60_000)).toBeUndefined();
    const signature = { name: "", mark: "", changed: [], at: "2026-11-27T08:01:00Z" };
    expect(undoOf(me(), { ...shown, signature }, now)).toBeUndefined();
    const office = [{ ...step(""), own: false }];
    expect(undoOf(me(), shownOf(visit("a", { timeline: office }), []), now)).toBeUndefined();
  });

  it("finds the other visit under way, which a helper's is not", () => {
    const a = shownOf(visit("a"), []);
    const b = shownOf(visit("b", { status: "working" }), []);
    expect(elsewhere(me(), [a, b], a)?.id).toBe("b");
    expect(elsewhere(me(), [a, { ...b, helper: true }], a)).toBeUndefined();
    expect(elsewhere(me(), [a, b], b)).toBeUndefined();
  });

  it("is under way again by resuming what was work before the break", () => {
    const resume = LIFECYCLE.actions.find(({ code }) => code === "resume");
    const paused = shownOf(visit("a", { status: "break", before_break: "working" }), []);
    expect(resume && makesUnderWay(me(), paused, resume)).toBe(true);
  });

  it("takes a number within its range, with a comma too", () => {
    const range = { low: "-2", high: "4" };
    expect(["-2", "3,9", "", "x"].map((one) => isOutOfRange(range, one))).not.toContain(true);
    expect(["-2.1", "4,1"].map((one) => isOutOfRange(range, one))).toEqual([true, true]);
  });
});

describe("words and ways", () => {
  it("finds own work by every word, whatever its case and accents", () => {
    const shown = shownOf(visit("a"), []);
    shown.order.title = "Vérification CO";
    expect(found([shown], "verif co")).toHaveLength(1);
    expect(found([shown], "verif gas")).toHaveLength(0);
    expect(found([shown], "  ")).toHaveLength(0);
  });

  it("opens maps by what the phone knows", () => {
    const { site } = visit("a");
    const there = { ...site, name: "Hall & co", latitude: 51, longitude: 4.5, address: "Kaai 1" };
    expect(mapLink(there, "other")).toBe(
      "geo:51.000000,4.500000?q=51.000000,4.500000(Hall%20%26%20co)",
    );
    expect(mapLink(there, "ios")).toContain("maps.apple.com/?daddr=51.000000,4.500000");
    const blind = { ...there, latitude: null, longitude: null };
    expect(mapLink(blind, "other")).toBe("geo:0,0?q=Kaai%201");
    expect(mapLink({ ...blind, address: "" }, "other")).toBe("");
  });

  it("reads every address, and shows today for one that is none", () => {
    expect(routeOf("#/visit/x/parts")).toEqual({ page: "visit", id: "x", part: "parts" });
    expect(routeOf("#/day/2026-11-27")).toEqual({ page: "today", id: "2026-11-27", part: "" });
    expect(routeOf("#/<script>")).toEqual({ page: "today", id: "", part: "" });
  });

  it("leaves out a weekend without work, and keeps one with", () => {
    const when = new When("Europe/Brussels", "en");
    const friday = Date.parse("2026-11-27T09:00:00Z");
    expect(when.days(friday, new Set())).not.toContain("2026-11-28");
    expect(when.days(friday, new Set(["2026-11-28"]))).toContain("2026-11-28");
  });
});

describe("a time that is set by hand", () => {
  const when = new When("Europe/Brussels", "en-GB");
  const now = Date.parse("2026-11-27T10:00:00Z");
  const at = (hour: string) => Date.parse(`2026-11-27T${hour}:00Z`);
  const doc = visit("a", { timeline: [step("c1", "2026-11-27T08:00:30Z"), step("c2")] });
  doc.timeline[1] = step("c2", "2026-11-27T09:00:00Z");
  const { timeline } = shownOf(doc, []);

  it("of a new step is not missing, not to come, of this day and after the last one", () => {
    const trouble = (moment: number | null) => timeTrouble(when, now, { timeline }, moment);
    expect(trouble(null)).toBe("phone.when.missing");
    expect(trouble(at("10:01"))).toBe("phone.when.future");
    expect(trouble(now - 86_400_000)).toBe("phone.when.other_day");
    expect(trouble(at("08:59"))).toBe("phone.when.before");
    expect(trouble(at("09:00"))).toBe("");
  });

  it("of a step that was taken stays between its neighbours, to the minute", () => {
    const trouble = (moment: number, place: number) =>
      timeTrouble(when, now, { timeline }, moment, timeline[place]);
    expect(trouble(at("09:01"), 0)).toBe("phone.when.after");
    expect(trouble(at("07:59"), 1)).toBe("phone.when.before");
    expect(trouble(at("08:00"), 1)).toBe("");
  });
});

describe("a visit under way elsewhere", () => {
  it("is finished or paused; one only on the way there has turned back", () => {
    expect(becomeOf({ status: "working" })).toEqual(["complete", "break"]);
    expect(becomeOf({ status: "on_site" })).toEqual(["complete", "break"]);
    expect(becomeOf({ status: "en_route" })).toEqual(["turn_back", "break"]);
  });
});

describe("what the office looks at", () => {
  it("stands together by visit and decision, the newest visit first", () => {
    const look = (id: string, change: Partial<Entry>) =>
      entry(id, { mark: "needs_look", ...change });
    const groups = lookedAt([
      look("c1", { visit: "a", decided: "note" }),
      look("c2", { visit: "b" }),
      entry("c3", { visit: "b", mark: "applied" }),
      look("c4", { visit: "b" }),
      look("c5", { visit: "a", decided: "note" }),
    ]);
    expect(groups.map((group) => group.map(({ id }) => id))).toEqual([
      ["c2", "c4"],
      ["c1", "c5"],
    ]);
  });

  it("is apart from what was refused, which nobody decides, and which is over once it is done", () => {
    const look = (id: string, n: number, change: Partial<Entry>) =>
      entry(id, { n, mark: "needs_look", ...change });
    const late = look("c1", 1, { action: "arrive" });
    const refused = look("c2", 2, { action: "complete", refused: true });
    const moved = look("c3", 3, { action: "correct", refused: true, body: { of: "c2" } });
    const seen = look("c4", 4, { action: "see" });
    const ids = (entries: Entry[]) => lookedAt(entries).map((group) => group.map(({ id }) => id));
    expect(ids([late, refused, seen])).toEqual([["c2"], ["c1"]]);
    expect(ids([refused, moved])).toEqual([["c2"]]);
    const again = entry("c5", { n: 5, action: "complete", mark: "applied" });
    expect(ids([late, refused, moved, again])).toEqual([["c1"]]);
    const part = (id: string, n: number, change: Partial<Entry>) =>
      entry(id, { n, action: "part", body: { id }, ...change });
    const lost = part("p1", 6, { mark: "needs_look", refused: true });
    expect(ids([lost, part("p2", 7, { mark: "applied" })])).toEqual([["p1"]]);
    expect(shownOf(visit("a"), [refused]).mark).toBe("needs_look");
    expect(shownOf(visit("a"), [refused, moved, again]).mark).toBe("applied");
  });

  it("is called what happened where it is a step, else what was entered", () => {
    expect(entryWords(me(), entry("c1"))).toBe("phone.happened.depart");
    expect(entryWords(me(), entry("c2", { action: "note" }))).toBe("phone.entry.note");
    expect(entryWords(me(), entry("c3", { action: "undo" }))).toBe("phone.entry.undo");
  });
});

describe("running late", () => {
  it("says by how much, in the list of steps and in those of entries", () => {
    const longer = "phone.happened.extend +15 min";
    expect(happened({ action: "extend", minutes: 15 })).toBe(longer);
    expect(entryWords(me(), entry("c1", { action: "extend", body: { minutes: 15 } }))).toBe(longer);
    // A step that is no Extend, and a document of before this was told.
    expect(happened({ action: "depart", minutes: null })).toBe("phone.happened.depart");
    expect(happened({ action: "extend" })).toBe("phone.happened.extend");
  });
});

describe("what is proposed", () => {
  it("names as the signer somebody to talk to, never the company or a caller without a name", () => {
    const call = (name: string, detail: string) => ({ name, detail, number: "1", tel: "1" });
    const customer = { name: "Lemaire", alert: "", email: "" };
    const company = call("Lemaire", "Customer");
    expect(signerOf({ customer, calls: [company] })).toBe("");
    expect(signerOf({ customer, calls: [call("Who called", "Who called"), company] })).toBe("");
    expect(signerOf({ customer, calls: [company, call("Koen", "Boss")] })).toBe("Koen");
  });
});
