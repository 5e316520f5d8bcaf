/** What became of each thing that was entered on this phone. */

import type { FileRow, OutboxRow, ShelfRow } from "./store.ts";
import type { Answer, Mark, Me } from "./types.ts";

export interface Entry {
  id: string;
  n: number;
  visit: string | null;
  action: string;
  body: Record<string, unknown>;
  /** By the phone's clock, ISO. */
  at: string;
  mark: Mark;
  /** Why it needs a look, for programs and for people; empty otherwise. */
  code: string;
  words: string;
  /** Refused, and no more to come of it: what is late lies on the office's desk. */
  refused: boolean;
  /** What the office made of a late one, with its words. */
  decided: "" | "happened" | "note";
  decided_note: string;
  files: { sha256: string; size: number; sent: number; state: FileRow["state"] }[];
}

type Told = Me["entries"][number];

/** The server's last word on an answered command. `me` lists all that are not simply applied. */
export function lastWord(row: ShelfRow, me: Me | null): Answer | Told {
  const told = me?.entries.find(({ id }) => id === row.id);
  if (told) return told;
  // Held once, and not in the list any more: the server has carried it out since.
  const done = row.answer.outcome === "held" && me !== null && row.settled === 1;
  return done ? { ...row.answer, outcome: "applied", code: "", words: "" } : row.answer;
}

export function markOf(answer: Answer): Mark {
  if (answer.outcome === "held") return "received";
  return answer.outcome === "applied" || answer.outcome === "same" ? "applied" : "needs_look";
}

/** Still to be laid over the documents: unsent, or answered and in no document yet. */
export function isLaid(row: OutboxRow | ShelfRow, me: Me | null): boolean {
  if (!("answer" in row)) return true;
  const { outcome } = lastWord(row, me);
  if (outcome === "held") return true;
  return row.settled === 0 && (outcome === "applied" || outcome === "same");
}

export function entryOf(
  row: OutboxRow | ShelfRow,
  me: Me | null,
  files: ReadonlyMap<string, FileRow>,
): Entry {
  const { id, visit, action, body, at } = row.made;
  const shown: Entry = {
    id,
    n: row.n,
    visit,
    action,
    body,
    at,
    mark: "on_phone",
    code: "",
    words: "",
    refused: false,
    decided: "",
    decided_note: "",
    files: row.files.flatMap((sha256) => {
      const file = files.get(sha256);
      return file ? [{ sha256, size: file.size, sent: file.held.length, state: file.state }] : [];
    }),
  };
  if ("answer" in row) {
    const last = lastWord(row, me);
    shown.mark = markOf(last);
    if (shown.mark !== "applied") Object.assign(shown, { code: last.code, words: last.words });
    shown.refused = shown.mark === "needs_look" && last.outcome !== "late";
    if ("decided" in last) {
      Object.assign(shown, { decided: last.decided, decided_note: last.decided_note });
    }
  } else if (row.stuck) {
    shown.mark = "needs_look";
    shown.refused = true;
    Object.assign(shown, { code: row.stuck.code, words: row.stuck.words });
  }
  return shown;
}
