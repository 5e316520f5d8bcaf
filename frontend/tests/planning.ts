/** What the tests of the planning screen's parts share: its words, orders of the pile, a server. */

import { vi } from "vitest";
import { Planner } from "../src/planning/planner.svelte.ts";
import type { Board, PileItem } from "../src/planning/types.ts";

export const SETTINGS = {
  zone: "Europe/Brussels",
  language: "en",
  today: "2026-11-24",
  urls: {
    order_by_id: "/orders/{id}/",
    replan: "/orders/{id}/act/replan/",
    menu: "/orders/{id}/menu/",
    absence: "/planning/absence/",
    drafts: "/planning/drafts/",
    auto_plan: "/plan/by-itself/",
    optimise: "/map/",
    tomorrow: "",
  },
  teams: [],
  skills: [{ id: "gas", name: "Gas G1" }],
  areas: [],
  types: [],
};

/** The words that the tests read; any other text is its key. */
export const WORDS = {
  "planning.ask.minutes": "%(count)s min",
  "planning.ask.hours": "%(count)s h",
  "planning.ask.days": "%(count)s d",
  "planning.ask.meant": "%(order)s with %(technician)s, %(slot)s",
  "planning.ask.promised": "Arrival was promised for %(slot)s to %(whom)s.",
  "planning.pile.by": "by %(time)s",
  "planning.pile.left": "%(time)s left",
  "planning.pile.overdue": "%(time)s overdue",
  "planning.pile.absent": "absent x%(count)s",
  "planning.pile.chosen": "%(count)s chosen",
  "planning.pile.waits.part": "part",
  "planning.pile.waits_until": "%(what)s until %(day)s",
  "planning.suggest.to_spare": "%(time)s to spare",
  "planning.suggest.too_late": "%(time)s too late",
  "planning.suggest.kilometres": "%(count)s km",
  "planning.suggest.from_home": "from home",
};

export function spoken(): void {
  const script = document.createElement("script");
  script.id = "co-strings";
  script.type = "application/json";
  script.textContent = JSON.stringify(WORDS);
  document.head.append(script);
}

export function item(values: Partial<PileItem> = {}): PileItem {
  return {
    id: "a",
    version: 1,
    number: "SO-001052",
    title: "Boiler is cold",
    customer: "Boulangerie Lemaire",
    town: "Wavre",
    postcode: "1300",
    position: { latitude: 50, longitude: 4 },
    type: { id: "t", name: "Breakdown", icon: "bolt" },
    skill_ids: [],
    priority: "normal",
    absent_count: 0,
    duration_minutes: 90,
    due_at: null,
    at_risk: false,
    wish: { words: "" },
    waiting_for: "",
    waiting_until: null,
    ...values,
  };
}

const ROW = { hours: [], absences: [], holidays: [], teams: [], skills: [], visits: [] };
export const BOARD: Board = {
  first: "2026-11-24",
  last: "2026-11-24",
  now: "2026-11-24T09:12:00Z",
  zone: "Europe/Brussels",
  rows: [
    { ...ROW, technician: { id: "jeroen", name: "Jeroen Claes" }, initials: "JC" },
    { ...ROW, technician: { id: "sofie", name: "Sofie De Smet" }, initials: "SD" },
  ],
};

export function plannerWith(items: PileItem[]): Planner {
  const planner = new Planner(SETTINGS);
  planner.board = BOARD;
  planner.pile = { tab: "to_plan", counts: { to_plan: `${items.length}`, waiting: "0" }, items };
  return planner;
}

export interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown> | null;
}

/** Answers each request from `answers`, by the beginning of its path; tells what was asked. */
export function server(answers: Record<string, unknown[]>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const path = url.replace("/api/v1/", "");
    const body = init.body ? JSON.parse(String(init.body)) : null;
    asked.push({ method: init.method ?? "GET", path, body });
    const name = Object.keys(answers).find((one) => path.startsWith(one)) ?? "";
    const left = answers[name] ?? [];
    const answer = (left.length > 1 ? left.shift() : left[0]) as { status?: number } | undefined;
    return new Response(JSON.stringify(answer ?? {}), {
      status: answer?.status ?? 200,
      headers: { "Content-Type": "application/json" },
    });
  });
  return asked;
}

export function press(element: Element | null, key: string, more: KeyboardEventInit = {}): void {
  element?.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );
}

/** After effects, promises and what they bring about. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((done) => setTimeout(done));
}
