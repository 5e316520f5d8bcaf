/** How the board is looked at: days, groups, filters (kept in the address), what is selected. */

import { text } from "../shared/texts.ts";
import { Clock, dayAfter, mondayOf } from "../shared/clock.ts";
import { type Grouping, linesOf, rowsWanted, wordsOf } from "./lines.ts";
import type { Planner } from "./planner.svelte.ts";
import { type Bar, type BoardRow, rowRead, spansOf } from "./rows.ts";
import { type Hours, hoursOf } from "./scale.ts";

const VIEWS = { day: 1, "3days": 3, week: 7 } as const;
type Named = keyof typeof VIEWS;
const A_MINUTE = 60_000;

export class View {
  grouping = $state<Grouping>("none");
  team = $state("");
  skill = $state("");
  q = $state("");
  asTable = $state(false);
  /** An order whose visit is to be shown, for which somebody came here. */
  sought = $state("");
  /** Keys of bars that are marked, to be moved together. */
  marked = $state.raw<Set<string>>(new Set());
  /** The server's time, of this minute. */
  now = $state(Date.now());
  readonly clock: Clock;

  readonly rows: BoardRow[] = $derived.by(() => (this.planner.board?.rows ?? []).map(rowRead));
  readonly wanted: BoardRow[] = $derived(rowsWanted(this.rows, this));
  readonly words: string[] = $derived(wordsOf(this.q));
  readonly lines = $derived.by(() => {
    const { teams, skills } = this.planner.settings;
    const isTeam = this.grouping === "team";
    const others = text(isTeam ? "board.no_team" : "board.no_skill");
    return linesOf(this.wanted, this.grouping, isTeam ? teams : skills, others);
  });
  /** The technicians in the order of the board, each once. */
  readonly technicians: string[] = $derived.by(() => [
    ...new Set(this.lines.flatMap((line) => (line.kind === "row" ? [line.row.id] : []))),
  ]);
  readonly range: [number, number] = $derived.by(() => {
    const { first, days } = this.planner;
    return [this.clock.moment(first, 0), this.clock.moment(dayAfter(first, days), 0)];
  });
  /** Not of the rows that are filtered: the scale stays where it is while one types. */
  readonly hours: Hours = $derived.by(() => {
    const [from, until] = this.hoursKey.split(" ").map(Number) as [number, number];
    return { from, until };
  });
  // Equal texts are equal, equal objects are not: the same hours draw nothing anew.
  private readonly hoursKey: string = $derived.by(() => {
    const { first, days } = this.planner;
    const shown = `${first} ${days}`;
    // While another page is awaited, and on a day whose other hours can be scrolled to, all stays.
    if (this.isTurning || (days === 1 && this.hoursOf === shown)) return this.hoursKept;
    const { from, until } = hoursOf(this.clock, spansOf(this.rows, ...this.range));
    this.hoursOf = shown;
    this.hoursKept = `${from} ${until}`;
    return this.hoursKept;
  });
  private hoursOf = "";
  private hoursKept = "420 1080";
  private skew = 0;

  get isTurning(): boolean {
    return this.planner.isTurning;
  }

  constructor(readonly planner: Planner) {
    const { zone, language } = planner.settings;
    this.clock = new Clock(zone, language);
    this.fromAddress();
  }

  // --- the address ---

  fromAddress(): void {
    const asked = new URLSearchParams(location.search);
    const day = asked.get("day") ?? "";
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day));
    this.planner.first = isDay ? day : this.planner.settings.today;
    this.planner.days = VIEWS[asked.get("view") as Named] ?? 1;
    if (this.planner.days === 7) this.planner.first = mondayOf(this.planner.first);
    const group = asked.get("group");
    this.grouping = group === "team" || group === "skill" ? group : "none";
    this.team = asked.get("team") ?? "";
    this.skill = asked.get("skill") ?? "";
    this.q = asked.get("q") ?? "";
    this.asTable = asked.get("as") === "table";
    this.sought = asked.get("order") ?? "";
  }

  /** Says in the address what is shown. A page that was turned is one to come back to. */
  toAddress(how: "push" | "replace" = "replace"): void {
    const { first, days, settings } = this.planner;
    const name = Object.keys(VIEWS).find((one) => VIEWS[one as Named] === days) ?? "";
    const parts: Record<string, string> = {
      day: first === (days === 7 ? mondayOf(settings.today) : settings.today) ? "" : first,
      view: days === 1 ? "" : name,
      group: this.grouping === "none" ? "" : this.grouping,
      team: this.team,
      skill: this.skill,
      q: this.q.trim(),
      as: this.asTable ? "table" : "",
      order: "", // shown once
    };
    const search = new URLSearchParams(location.search); // the pile keeps its filters there too
    for (const [part, value] of Object.entries(parts)) {
      if (value) search.set(part, value);
      else search.delete(part);
    }
    const address = search.size ? `?${search}` : location.pathname;
    if (how === "push") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }

  /** All rows again. */
  clear(): void {
    this.team = this.skill = this.q = "";
    this.toAddress("push");
  }

  open(bar: Bar): void {
    const technician = this.rowOf(bar.technician)?.row.technician;
    if (!technician) return;
    this.planner.asked = null;
    this.planner.opened = { visit: bar.visit, technician };
  }

  // --- turning pages ---

  /** The page with this day: a week begins on its Monday. */
  show(day: string, days = this.planner.days): void {
    this.planner.first = days === 7 ? mondayOf(day) : day;
    this.planner.days = days;
    this.marked = new Set();
    this.toAddress("push");
    void this.planner.loadBoard();
  }

  /** The same place, seen over more days or fewer: of a week with today in it, today. */
  over(days: 1 | 3 | 7): void {
    const { first, settings } = this.planner;
    const isIn = this.planner.days === 7 && mondayOf(settings.today) === first;
    this.show(isIn ? settings.today : first, days);
  }

  turn(by: 1 | -1): void {
    this.show(dayAfter(this.planner.first, by * this.planner.days));
  }

  // --- time ---

  /** The server's clock decides; a desk's may be wrong. Gives back what stops it. */
  startClock(): () => void {
    const told = this.planner.board?.now;
    if (told) this.skew = Date.parse(told) - Date.now();
    this.now = Date.now() + this.skew;
    let timer: ReturnType<typeof setTimeout>;
    const next = () => {
      timer = setTimeout(
        () => {
          this.now = Date.now() + this.skew;
          next();
        },
        A_MINUTE - (this.now % A_MINUTE),
      );
    };
    next();
    return () => clearTimeout(timer);
  }

  // --- bars ---

  barOf(key: string): Bar | undefined {
    const technician = key.slice(key.indexOf("@") + 1);
    return this.rowOf(technician)?.bars.find((bar) => bar.key === key);
  }

  rowOf(technician: string): BoardRow | undefined {
    return this.rows.find((row) => row.id === technician);
  }

  menuOf(bar: Bar): string {
    return this.planner.menuAddress(bar.visit.service_order_id);
  }

  mark(key: string): void {
    const marked = new Set(this.marked);
    if (!marked.delete(key)) marked.add(key);
    this.marked = marked;
  }
}

/** What is under way, or over, stays where it is; a helper goes where the visit goes. */
export function isMovable(bar: Bar): boolean {
  const { open, helper, technician_status } = bar.visit;
  return open && !helper && technician_status === "planned";
}
