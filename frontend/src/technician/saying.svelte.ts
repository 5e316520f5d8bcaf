/** What is said at the foot of the screen: one thing at a time, for as long as it takes to read. */

import { text } from "../shared/texts.ts";
import { shownMs } from "../shared/toast-time.ts";
import { PhoneError, Refused } from "./core/index.ts";

export interface Toast {
  text: string;
  status?: string;
  grave?: boolean;
  undo?: () => void;
}

/** What went wrong, in words; what was not foreseen goes on to whoever watches. */
export function wordsOf(error: unknown): string {
  if (error instanceof PhoneError) return text(`phone.error.${error.code}`);
  if (error instanceof Refused) return error.message;
  throw error;
}

export class Saying {
  private told = $state.raw<Toast | null>(null);
  private toldAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  get toast(): Toast | null {
    return this.told;
  }

  set toast(toast: Toast | null) {
    clearTimeout(this.timer);
    this.told = toast;
    this.toldAt = Date.now();
    if (!toast) return;
    const leave = () => {
      // Not while somebody stands on its button.
      if (document.querySelector(".co-toast:is(:hover, :focus-within)")) {
        this.timer = setTimeout(leave, 1500);
      } else this.told = null;
    };
    this.timer = setTimeout(leave, shownMs(Boolean(toast.grave)));
  }

  say(words: string): void {
    this.toast = { text: words };
  }

  /** Another screen came: what was said before it is over, but not what led to it. */
  left(): void {
    if (Date.now() - this.toldAt > 800) this.toast = null;
  }
}
