import { afterEach, describe, expect, it } from "vitest";
import { startColumnTabs } from "../src/office/column-tabs.ts";

/** A board with so many cards in each column. */
function shownOf(cards: Record<string, number>, query = ""): string {
  history.replaceState(null, "", `/orders/kanban/${query}`);
  const column = ([name, count]: [string, number]) =>
    `<section class="co-col" data-column="${name}" aria-label="${name}">
      <div>${'<article class="co-card"></article>'.repeat(count)}</div></section>`;
  document.body.innerHTML = `<div id="board">${Object.entries(cards).map(column).join("")}</div>`;
  const board = document.getElementById("board") as HTMLElement;
  startColumnTabs(board);
  const pressed = document.querySelector("[aria-current=true]")?.textContent;
  expect(pressed).toBe(board.dataset.show);
  return board.dataset.show ?? "";
}

describe("the column that a narrow Kanban opens on", () => {
  afterEach(() => history.replaceState(null, "", "/"));

  it("is what is planned, where there is any", () => {
    expect(shownOf({ new: 2, planned: 1, completed: 3 })).toBe("planned");
  });
  it("is else the first that has cards", () => {
    expect(shownOf({ new: 2, planned: 0, completed: 3 }, "?stage=new")).toBe("new");
    expect(shownOf({ new: 0, planned: 0, completed: 3 })).toBe("completed");
    expect(shownOf({ new: 0, anna: 0, bert: 1 })).toBe("bert");
  });
  it("is what the filter asks for where nothing has any", () => {
    const none = { new: 0, planned: 0, completed: 0 };
    expect(shownOf(none, "?stage=completed,new")).toBe("completed");
    expect(shownOf(none)).toBe("planned");
    expect(shownOf({ new: 0, anna: 0 })).toBe("new");
  });
});
