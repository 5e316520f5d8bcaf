/** A card asks the server to move; where it stood before it is remembered. */

import htmx from "htmx.org";
import { type Context, contextOf } from "../shared/requests.ts";

export interface Place {
  column: HTMLElement;
  before: Element | null;
}

export function placeOf(card: HTMLElement): Place {
  return { column: card.parentElement as HTMLElement, before: card.nextElementSibling };
}

/** Refused, or to be asked first: the card stands again where it was. */
export function putBack(card: HTMLElement, place: Place | null): void {
  if (!place || !card.isConnected) return;
  const before = place.before?.parentElement === place.column ? place.before : null;
  place.column.insertBefore(card, before);
}

/** True where the server did it; false where it refused or asks something first. */
export function isDone(ctx: Context | undefined): boolean {
  const status = ctx?.response?.status ?? 0;
  const asks = /hx-target=["']#co-(dialog|side)["']/.test(ctx?.text ?? "");
  return status >= 200 && status < 300 && !asks && ctx?.hx?.retarget === undefined;
}

/** Posts the move. The board is the source: the card itself may be replaced by a live change. */
export async function move(board: HTMLElement, card: HTMLElement, to: string): Promise<boolean> {
  const address = card.dataset.moveUrl ?? board.dataset.moveUrl?.replace("{id}", idOf(card)) ?? "";
  card.classList.add("is-pending");
  let answer: Context | undefined;
  const heard = (event: Event) => {
    answer = contextOf(event);
  };
  board.addEventListener("htmx:after:request", heard);
  try {
    await htmx.ajax("POST", address, {
      source: board,
      target: board,
      swap: "none",
      values: { to, version: card.dataset.version ?? "" },
    });
  } finally {
    board.removeEventListener("htmx:after:request", heard);
    card.classList.remove("is-pending");
  }
  const done = isDone(answer);
  // What the card says now (status, place in its column) is asked whatever the answer was.
  document.dispatchEvent(new CustomEvent("live:service_order", { detail: { id: idOf(card) } }));
  return done;
}

export function idOf(card: HTMLElement): string {
  return card.dataset.liveItem?.split(":")[1] ?? "";
}
