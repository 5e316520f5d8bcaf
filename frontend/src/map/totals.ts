/** Routes added up, in words. */

import { lengthWords } from "../shared/clock.ts";
import { text } from "../shared/texts.ts";
import type { Traveller } from "./types.ts";

/** Of a whole team in hours, which are no days: "735 km · 24 h 35". */
export function sumOf(travellers: Traveller[]): string {
  const sum = (of: "kilometres" | "driving_minutes") =>
    travellers.reduce((total, one) => total + one.totals[of], 0);
  const kilometres = text("map.kilometres", { count: Math.round(sum("kilometres")) });
  return `${kilometres} · ${lengthWords(sum("driving_minutes"))}`;
}
