/** On a narrow screen one column at a time, chosen by tabs above the board. */

import { make } from "../shared/dom.ts";

export function startColumnTabs(board: HTMLElement): void {
  const columns = [...board.querySelectorAll<HTMLElement>(".co-col")];
  const tabs = make("div", { class: "co-tabs co-col-tabs", role: "group" });
  const buttons = columns.map((column) => make("button", { type: "button" }, words(column)));
  tabs.append(...buttons);
  board.before(tabs);
  const show = (chosen: number) => {
    board.dataset.show = columns[chosen]?.dataset.column ?? "";
    for (const [at, column] of columns.entries()) {
      column.toggleAttribute("data-shown", at === chosen);
      if (at === chosen) buttons[at]?.setAttribute("aria-current", "true");
      else buttons[at]?.removeAttribute("aria-current");
    }
  };
  for (const [at, button] of buttons.entries()) button.addEventListener("click", () => show(at));
  board.addEventListener("co:list-changed", () => {
    for (const [at, column] of columns.entries()) {
      const button = buttons[at];
      if (button) button.textContent = words(column);
    }
  });
  show(Math.max(first(columns), 0));
}

/** What is planned, where there is any; else the first that has cards; and where none has, what the
 *  filter asks for. */
function first(columns: HTMLElement[]): number {
  const asked = new URLSearchParams(location.search).get("stage")?.split(",") ?? [];
  const named = (name = "planned") => columns.findIndex(({ dataset }) => dataset.column === name);
  const isFilled = (column?: HTMLElement) => Boolean(column?.querySelector(".co-card"));
  if (isFilled(columns[named()])) return named();
  const filled = columns.findIndex(isFilled);
  return filled >= 0 ? filled : named(asked[0]);
}

function words(column: HTMLElement): string {
  const count = column.querySelector(".co-count")?.textContent?.trim() ?? "";
  return `${column.getAttribute("aria-label") ?? ""} ${count}`.trim();
}
