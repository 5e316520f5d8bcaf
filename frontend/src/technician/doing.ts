/** Which icon an action has where the status it leads to does not say it; which ask first. */

import type { LifecycleAction } from "./core/types.ts";

export const ACTION_ICONS: Record<string, string> = {
  turn_back: "arrow-back-up",
  hand_back: "corner-up-left",
  customer_absent: "user-off",
  extend: "clock-plus",
  resume: "player-play",
  undo: "arrow-back-up",
};

/** Beside photo and note: absent or not finished, a break or late. Parts stand there while one
 * works, where nobody is absent. */
export function quickOf(
  open: LifecycleAction[],
  big: string,
  isWorking: boolean,
): LifecycleAction[] {
  const choices = [isWorking ? [] : ["customer_absent", "hand_back"], ["break", "extend"]];
  return choices.flatMap((choice) => {
    const code = choice.find((one) => one !== big && open.some((action) => action.code === one));
    return open.filter((action) => action.code === code);
  });
}

/** A reason, a note and the true time are asked first. */
export const ASKS_REASON = ["hand_back", "customer_absent", "cancel"];

/** Minutes of "running late". */
export const LATE = [15, 30, 60];

/** What can be entered afterwards with its true time. */
export const STEPS = ["depart", "arrive", "start_work", "break", "resume", "turn_back", "complete"];
