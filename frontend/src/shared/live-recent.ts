/** What the stream of all pages has told lately: a page that joins was drawn some time before. */

import type { Heard } from "./live-source.ts";

const MOST = 500;

export class Recent {
  private kept: { heard: Heard; at: number }[] = [];

  /** `since`: from when on all that happened is heard. */
  constructor(private since: number) {}

  add(heard: Heard, at: number): void {
    this.kept.push({ heard, at });
    if (this.kept.length > MOST) this.since = this.kept.shift()?.at ?? at;
  }

  /** What a page drawn then has missed; where that is not known any more, all of it. */
  after(drawn: number, now: number): Heard[] {
    if (drawn < this.since) {
      this.since = Math.min(this.since, now); // the clock may have been set back: not for ever
      return [{ type: "resync" }];
    }
    return this.kept.filter(({ at }) => at >= drawn).map(({ heard }) => heard);
  }
}
