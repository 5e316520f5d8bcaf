import { afterEach, describe, expect, it, vi } from "vitest";
import { Pages } from "../src/planning/pages.svelte.ts";
import type { Board } from "../src/planning/types.ts";
import { BOARD } from "./planning.ts";

type Answer = (board: Board) => void;

/** Requests of boards that wait until they are answered, by what they asked for. */
function server(): { asked: string[]; answers: Answer[] } {
  const asked: string[] = [];
  const answers: Answer[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(new URL(url, "http://x").searchParams.get("technician_id") ?? "all");
    return new Promise((resolve) => {
      answers.push((board) => resolve(new Response(JSON.stringify(board))));
    });
  });
  return { asked, answers };
}

function board(initials: string, ...only: string[]): Board {
  const rows = BOARD.rows.filter((row) => !only.length || only.includes(row.technician.id));
  return { ...BOARD, rows: rows.map((row) => ({ ...row, initials })) };
}

async function settled(): Promise<void> {
  for (let nth = 0; nth < 20; nth++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve));
}

function shown(pages: Pages): string[] {
  return pages.board?.rows.map((row) => row.initials) ?? [];
}

function pagesThere(): Pages {
  const pages = new Pages();
  pages.first = BOARD.first;
  pages.board = board("old");
  return pages;
}

afterEach(() => vi.unstubAllGlobals());

describe("answers that come in another order than they were asked for", () => {
  it("leave no row as it was: what an older answer overwrote is read again", async () => {
    const pages = pagesThere();
    const { asked, answers } = server();
    const whole = pages.loadBoard();
    const part = pages.loadBoard(new Set(["sofie"]));
    answers[1]?.(board("new", "sofie"));
    await part;
    expect(shown(pages)).toEqual(["old", "new"]);
    answers[0]?.(board("older"));
    await settled();
    expect(asked).toEqual(["all", "sofie", "sofie"]);
    answers[2]?.(board("new", "sofie"));
    await whole;
    expect(shown(pages)).toEqual(["older", "new"]);
  });

  it("are read again only where they are of the same rows", async () => {
    const pages = pagesThere();
    const { asked, answers } = server();
    const first = pages.loadBoard(new Set(["jeroen"]));
    const second = pages.loadBoard(new Set(["sofie"]));
    answers[1]?.(board("new", "sofie"));
    await second;
    answers[0]?.(board("new", "jeroen"));
    await first;
    expect(asked).toEqual(["jeroen", "sofie"]);
    expect(shown(pages)).toEqual(["new", "new"]);
  });
});
