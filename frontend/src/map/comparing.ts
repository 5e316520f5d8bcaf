/** Before and after in figures, as lines of a table. Plain, so that it is tested. */

import { lengthWords } from "../shared/clock.ts";
import { text } from "../shared/texts.ts";
import type { Figures } from "./optimising.svelte.ts";

export interface Line {
  key: string;
  before: string;
  after: string;
  change: string;
  /** Better, worse, the same. */
  sense: "good" | "bad" | "";
}

type Kind = "kilometres" | "minutes" | "count";

const LINES: { key: keyof Figures; kind: Kind; more: 1 | -1 }[] = [
  { key: "served", kind: "count", more: 1 },
  { key: "urgent_served", kind: "count", more: 1 },
  { key: "targets_missed", kind: "count", more: -1 },
  { key: "lateness_minutes", kind: "minutes", more: -1 },
  { key: "driving_minutes", kind: "minutes", more: -1 },
  { key: "kilometres", kind: "kilometres", more: -1 },
];

function written(kind: Kind, value: number): string {
  if (kind === "minutes") return lengthWords(value);
  if (kind === "kilometres") return text("map.kilometres", { count: Math.round(value) });
  return String(value);
}

export function comparedLines(before: Figures, after: Figures): Line[] {
  return LINES.map(({ key, kind, more }) => {
    const by =
      kind === "kilometres"
        ? Math.round(after[key]) - Math.round(before[key])
        : after[key] - before[key];
    const sign = by > 0 ? "+" : "−";
    const share = Math.round((Math.abs(by) / Math.max(before[key], 1)) * 100);
    const size =
      kind === "kilometres" && before[key] >= 1 ? `${share} %` : written(kind, Math.abs(by));
    return {
      key,
      before: written(kind, before[key]),
      after: written(kind, after[key]),
      change: by ? `${sign}${size}` : "=",
      sense: by ? (by * more > 0 ? "good" : "bad") : "",
    };
  });
}
