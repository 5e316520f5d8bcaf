/** Kanban: cards move by mouse, finger, keyboard and menu; the server has the last word. */

import Sortable from "sortablejs";
import { enhance, scan } from "../shared/dom.ts";
import { startCardKeys } from "./card-keys.ts";
import { startCardMenus } from "./card-menu.ts";
import { startColumnTabs } from "./column-tabs.ts";
import { move, placeOf, putBack } from "./moves.ts";

function cardsOf(board: HTMLElement): HTMLElement[] {
  return [...board.querySelectorAll<HTMLElement>("[data-cards]")];
}

function mark(board: HTMLElement, over: HTMLElement | null): void {
  for (const column of board.querySelectorAll(".co-col")) {
    column.classList.toggle("is-over", column === over?.closest(".co-col"));
  }
}

function sortable(board: HTMLElement, column: HTMLElement): void {
  let from: ReturnType<typeof placeOf> | null = null;
  Sortable.create(column, {
    group: "cards",
    sort: false,
    draggable: ".co-card",
    filter: "[data-card-menu], .co-checkbox",
    preventOnFilter: false,
    // One look and one behaviour for mouse and finger; a finger holds for a moment first.
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 5,
    delay: 180,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    animation: 120,
    ghostClass: "is-ghost",
    chosenClass: "is-chosen",
    fallbackClass: "is-drag",
    scrollSensitivity: 60,
    onStart: ({ item }) => {
      from = placeOf(item);
    },
    onChange: ({ to }) => mark(board, to),
    onEnd: ({ item, to }) => {
      mark(board, null);
      if (!from || to === from.column) return;
      const target = to.dataset.cards ?? "";
      void move(board, item, target).then((done) => done || putBack(item, from));
    },
  });
}

function start(board: HTMLElement): void {
  // Each move waits for the one before it: two cards moved at once are two wishes.
  board.setAttribute("hx-sync", "this:queue all");
  for (const column of cardsOf(board)) sortable(board, column);
  startCardKeys(board);
  startCardMenus(board);
  startColumnTabs(board);
}

enhance("[data-kanban]", start);
scan(document);
