/** An order's menu, as on its Kanban card. */

import { openCardMenu } from "../shared/card-menu.ts";

export async function openOrderMenu(pattern: string, orderId: string, button: HTMLElement) {
  if (pattern) await openCardMenu(button, pattern.replace("{id}", orderId));
}
