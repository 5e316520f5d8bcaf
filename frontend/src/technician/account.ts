/** Whose phone it is: signs in again, by the office's session of this browser where there is one. */

import type { App } from "./app.svelte.ts";
import { byFetch, PhoneError, Refused, signIn } from "./core/index.ts";
import { wordsOf } from "./saying.svelte.ts";

export class Account {
  /** When an office session was last looked for without being asked. */
  private tookAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly app: App) {}

  /** Takes the office's session of this browser, whosever it is. Throws as `signIn` of the core. */
  private async takeSession(): Promise<void> {
    const phone = await signIn(byFetch, this.app.phone.circumstances);
    const isSame = phone.who.user.id === this.app.phone.who.user.id;
    phone.close();
    if (!isSame) return location.reload(); // what follows is another person's
    await this.app.sender.signedIn();
    await this.app.draw();
  }

  /** The same without a word, where there is none: the banner asks for it then. */
  async takeSessionIfAny(): Promise<void> {
    if (Date.now() - this.tookAt < 60_000) return;
    this.tookAt = Date.now();
    try {
      await this.takeSession();
    } catch (error) {
      if (!(error instanceof Refused || error instanceof PhoneError)) throw error;
    }
  }

  /** Signs in again: an office session is enough, else they are asked. */
  async signIn(): Promise<void> {
    try {
      await this.takeSession();
    } catch (error) {
      if (error instanceof Refused) location.assign(this.app.signInUrl);
      else this.app.saying.toast = { text: wordsOf(error), grave: true };
    }
  }
}
