/** The menu buttons of the Kanban's cards. */

import { openCardMenu } from "../shared/card-menu.ts";
import { idOf } from "./moves.ts";

export function startCardMenus(board: HTMLElement): void {
  const template = board.dataset.menuUrl;
  if (!template) {
    for (const button of board.querySelectorAll<HTMLElement>("[data-card-menu]")) {
      button.hidden = true;
    }
    return;
  }
  board.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-card-menu]");
    const card = button?.closest<HTMLElement>(".co-card");
    if (button && card) void openCardMenu(button, template.replace("{id}", idOf(card)));
  });
}
