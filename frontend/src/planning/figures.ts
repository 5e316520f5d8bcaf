/** All figures of a suggestion, in words: what "more" opens. */

import { text } from "../shared/texts.ts";
import type { Option } from "./types.ts";
import { length } from "./words.ts";

export interface Figure {
  label: string;
  value: string;
  tone: "" | "good" | "bad";
}

export function figuresOf(option: Option): Figure[] {
  const { cost } = option;
  const missing = option.reasons.filter((reason) => reason.code === "skill");
  const found: (Figure | null)[] = [
    figure("extra", cost.extra_minutes, (minutes) => signed(minutes)),
    figure("there", cost.travel_minutes, (minutes) => drive(option, minutes)),
    figure("onward", cost.on_minutes, length),
    figure("wait", cost.wait_minutes || null, length),
    {
      label: text("planning.suggest.skills"),
      value: missing.length
        ? missing.map((reason) => reason.words).join(", ")
        : text("planning.suggest.skills_all"),
      tone: missing.length ? "bad" : "good",
    },
    slack("target", cost.target_slack_minutes),
    slack("promise", cost.promise_slack_minutes),
    slack("wish", cost.wish_slack_minutes),
    {
      label: text("planning.suggest.known"),
      value: text(cost.known ? "planning.suggest.known_yes" : "planning.suggest.known_no"),
      tone: cost.known ? "good" : "",
    },
  ];
  return found.filter((one) => one !== null);
}

function figure(
  name: string,
  minutes: number | null,
  said: (minutes: number) => string,
): Figure | null {
  if (minutes === null) return null;
  return { label: text(`planning.suggest.${name}`), value: said(minutes), tone: "" };
}

function signed(minutes: number): string {
  return `${minutes < 0 ? "−" : "+"}${length(Math.abs(minutes))}`;
}

function drive({ cost }: Option, minutes: number): string {
  const from = text(cost.from_home ? "planning.suggest.from_home" : "planning.suggest.from_visit");
  const far = cost.travel_kilometres;
  const way = far === null ? "" : text("planning.suggest.kilometres", { count: Math.round(far) });
  return [length(minutes), way, from].filter(Boolean).join(", ");
}

function slack(name: string, minutes: number | null): Figure | null {
  if (minutes === null) return null;
  const late = minutes < 0;
  return {
    label: text(`planning.suggest.${name}`),
    value: text(late ? "planning.suggest.too_late" : "planning.suggest.to_spare", {
      time: length(Math.abs(minutes)),
    }),
    tone: late ? "bad" : "good",
  };
}
