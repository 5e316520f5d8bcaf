/** The menu buttons of a table's rows: each carries the address of its own. */

import { openCardMenu } from "../shared/card-menu.ts";

export function startRowMenus(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-row-menu]");
    if (button?.dataset.rowMenu) void openCardMenu(button, button.dataset.rowMenu);
  });
}
