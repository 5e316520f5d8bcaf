/** What a key means on the board, while one walks over it and while something is carried. Pure. */

export type Wish =
  | { do: "lines"; by: number }
  | { do: "bars"; by: number }
  | { do: "shift"; quarters: number }
  | { do: "stretch"; quarters: number }
  | { do: "end"; last: boolean; all: boolean }
  | { do: "pick" | "drop" | "back" | "open" | "menu" | "best" | "mark" };

export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const PAGE = 10;
const ACROSS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
const ALONG: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: -PAGE, PageDown: PAGE };
const STRETCH: Record<string, number> = { "+": 1, "=": 1, "-": -1 };

function common(event: Key): Wish | null {
  const along = ALONG[event.key];
  if (along !== undefined && !event.altKey) return { do: "lines", by: along };
  const across = ACROSS[event.key];
  if (event.altKey && across !== undefined) return { do: "stretch", quarters: across };
  const longer = STRETCH[event.key];
  if (longer !== undefined && !event.altKey) return { do: "stretch", quarters: longer };
  return null;
}

export function walking(event: Key): Wish | null {
  const ctrl = event.ctrlKey || event.metaKey;
  if (event.key === "Home" || event.key === "End") {
    return { do: "end", last: event.key === "End", all: ctrl };
  }
  if (event.key === " ") return { do: ctrl || event.shiftKey ? "mark" : "pick" };
  if (ctrl) return null;
  const across = ACROSS[event.key];
  if (across !== undefined && !event.altKey) return { do: "bars", by: across };
  if (event.key === "Enter" || event.key === "o") return { do: "open" };
  if (event.key === "m" || event.key === "ContextMenu") return { do: "menu" };
  return common(event);
}

export function carrying(event: Key): Wish | null {
  if (event.ctrlKey || event.metaKey) return null;
  if (event.key === "Escape") return { do: "back" };
  if (event.key === "Enter" || event.key === " ") return { do: "drop" };
  if (event.key === "b") return { do: "best" };
  const across = ACROSS[event.key];
  if (across !== undefined && !event.altKey) {
    return { do: "shift", quarters: across * (event.shiftKey ? 4 : 1) };
  }
  return common(event);
}
