/** Cards by keyboard: arrows walk, m opens the menu, Space lifts, arrows choose, Enter drops. */

import { make } from "../shared/dom.ts";
import { text } from "../shared/texts.ts";
import { move, placeOf, putBack } from "./moves.ts";

const LINK = ".co-card-link";

interface Lifted {
  card: HTMLElement;
  from: HTMLElement;
  over: HTMLElement;
}

function columns(board: HTMLElement): HTMLElement[] {
  return [...board.querySelectorAll<HTMLElement>(".co-col")];
}

function nameOf(column: HTMLElement): string {
  return column.getAttribute("aria-label") ?? "";
}

/** The card beside, above or below; across columns it keeps its height in the column. */
export function neighbour(board: HTMLElement, card: HTMLElement, key: string): HTMLElement | null {
  const all = columns(board).map((column) => [...column.querySelectorAll<HTMLElement>(".co-card")]);
  const at = all.findIndex((cards) => cards.includes(card));
  const row = all[at]?.indexOf(card) ?? 0;
  if (key === "ArrowDown") return all[at]?.[row + 1] ?? null;
  if (key === "ArrowUp") return all[at]?.[row - 1] ?? null;
  const step = key === "ArrowRight" ? 1 : -1;
  for (let next = at + step; next >= 0 && next < all.length; next += step) {
    const cards = all[next] ?? [];
    if (cards.length) return cards[Math.min(row, cards.length - 1)] ?? null;
  }
  return null;
}

class CardKeys {
  private lifted: Lifted | null = null;
  private readonly announcer = make("p", { class: "co-vh", role: "status" });

  constructor(private readonly board: HTMLElement) {
    board.after(this.announcer);
    board.addEventListener("keydown", (event) => this.key(event));
    board.addEventListener("focusout", () => setTimeout(() => this.leftBoard()));
  }

  private key(event: KeyboardEvent): void {
    const link = event.target instanceof Element ? event.target.closest(LINK) : null;
    const card = link?.closest<HTMLElement>(".co-card");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    // Shift chooses: selection.ts hears it.
    if (!this.lifted && event.shiftKey) return;
    const used = this.lifted ? this.whileLifted(event.key) : this.whileWalking(event.key, card);
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private whileWalking(key: string, card: HTMLElement): boolean {
    if (key === " ") {
      this.lift(card);
      return true;
    }
    if (key === "m") {
      card.querySelector<HTMLElement>("[data-card-menu]")?.click();
      return true;
    }
    if (!key.startsWith("Arrow")) return false;
    neighbour(this.board, card, key)?.querySelector<HTMLElement>(LINK)?.focus();
    return true;
  }

  private whileLifted(key: string): boolean {
    if (key === "ArrowLeft" || key === "ArrowRight") this.shift(key === "ArrowRight" ? 1 : -1);
    else if (key === "Enter" || key === " ") this.drop();
    else if (key === "Escape") this.back();
    else return key !== "Tab";
    return true;
  }

  private lift(card: HTMLElement): void {
    const from = card.closest<HTMLElement>(".co-col");
    if (!from) return;
    this.lifted = { card, from, over: from };
    card.classList.add("is-lifted");
    const number = card.querySelector(LINK)?.textContent ?? "";
    this.say(text("card.lifted", { card: number, column: nameOf(from) }));
  }

  private shift(step: number): void {
    const { lifted } = this;
    if (!lifted) return;
    const all = columns(this.board);
    lifted.over = all[all.indexOf(lifted.over) + step] ?? lifted.over;
    for (const column of all) column.classList.toggle("is-over", column === lifted.over);
    lifted.over.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.say(text("card.over", { column: nameOf(lifted.over) }));
  }

  private drop(): void {
    const { lifted } = this;
    if (!lifted) return;
    if (lifted.over === lifted.from) {
      this.back();
      return;
    }
    this.letGo();
    const { card, over } = lifted;
    const from = placeOf(card);
    over.querySelector("[data-cards]")?.prepend(card);
    card.querySelector<HTMLElement>(LINK)?.focus();
    this.say(text("card.dropped", { column: nameOf(over) }));
    void move(this.board, card, over.dataset.column ?? "").then((done) => {
      if (done) return;
      putBack(card, from);
      this.say(text("card.back", { column: nameOf(lifted.from) }));
      if (!document.querySelector("dialog[open]")) card.querySelector<HTMLElement>(LINK)?.focus();
    });
  }

  private back(): void {
    const column = this.lifted?.from;
    this.letGo();
    if (column) this.say(text("card.back", { column: nameOf(column) }));
  }

  private letGo(): void {
    this.lifted?.card.classList.remove("is-lifted");
    for (const column of columns(this.board)) column.classList.remove("is-over");
    this.lifted = null;
  }

  private leftBoard(): void {
    if (this.lifted && !this.board.contains(document.activeElement)) this.letGo();
  }

  private say(words: string): void {
    this.announcer.textContent = words;
  }
}

export function startCardKeys(board: HTMLElement): void {
  new CardKeys(board);
}
