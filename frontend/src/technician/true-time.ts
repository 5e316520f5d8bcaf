/** What is wrong with a time that somebody sets, in words, before the server has to refuse it. */

import { text } from "../shared/texts.ts";
import { happened, type Shown, type Step } from "./shown.ts";
import type { When } from "./when.ts";

/** Of `step`, or of a new one: within its day, not to come, between its neighbours; "": nothing. */
export function timeTrouble(
  when: When,
  now: number,
  visit: Pick<Shown, "timeline">,
  moment: number | null,
  step?: Step,
): string {
  if (moment === null) return text("phone.when.missing");
  if (moment > now) return text("phone.when.future");
  const day = when.day(step ? step.at : now);
  if (when.day(moment) !== day) return text("phone.when.other_day", { day: when.dayWords(day) });
  const place = step ? visit.timeline.indexOf(step) : visit.timeline.length;
  const isOther = (one: Step) => one !== step && one.own;
  const before = visit.timeline.slice(0, place).filter(isOther).at(-1);
  const after = visit.timeline.slice(place).find(isOther);
  if (before && moment < minute(before.at)) {
    return text("phone.when.before", { action: happened(before), time: when.hour(before.at) });
  }
  if (after && moment > Date.parse(after.at)) {
    return text("phone.when.after", { action: happened(after), time: when.hour(after.at) });
  }
  return "";
}

/** To the minute: that is what the field can say. */
function minute(moment: string): number {
  return Math.floor(Date.parse(moment) / 60_000) * 60_000;
}
