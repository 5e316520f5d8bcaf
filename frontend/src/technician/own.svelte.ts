/** What the owner of the phone decides: positions, messages, language, and leaving. */

import { text } from "../shared/texts.ts";
import type { App } from "./app.svelte.ts";
import { byFetch, signOut, type Unsent } from "./core/index.ts";
import { send } from "./door.ts";
import { wordsOf } from "./saying.svelte.ts";

export class Own {
  busy = $state(false);
  trouble = $state("");
  /** Beside what it is said. */
  troubleAt = $state<"position" | "push" | "own">("own");
  /** What would be lost by signing out now. */
  leaving = $state.raw<Unsent | null>(null);
  pushed = $state(false);
  readonly canPush: boolean;

  constructor(private readonly app: App) {
    const able = "PushManager" in window && "serviceWorker" in navigator;
    this.canPush = able && !!app.known?.push_key;
    if (this.canPush) void this.readPush();
  }

  /** Entries and files that somebody made; what only tells that they looked is no loss. */
  get unsent(): number {
    const files = this.app.entries.flatMap((entry) => entry.files);
    return this.app.unsent.length + files.filter(({ state }) => state === "waiting").length;
  }

  get sharing(): boolean {
    return this.app.sharing;
  }

  private async trying(at: "position" | "push", work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.trouble = "";
    this.troubleAt = at;
    try {
      await work();
    } catch (error) {
      this.trouble = wordsOf(error);
    } finally {
      this.busy = false;
    }
  }

  consent(position: boolean): Promise<void> {
    return this.trying("position", async () => {
      await send("POST", "/technician/consent", { position });
      await this.app.sender.wake();
    });
  }

  private async readPush(): Promise<void> {
    const registration = await navigator.serviceWorker.ready;
    this.pushed = (await registration.pushManager.getSubscription()) !== null;
  }

  push(wanted: boolean): Promise<void> {
    return this.trying("push", async () => {
      const { pushManager } = await navigator.serviceWorker.ready;
      const there = await pushManager.getSubscription();
      if (!wanted && there) {
        await send("DELETE", "/technician/push", there.toJSON());
        await there.unsubscribe();
      } else if (wanted) {
        if ((await Notification.requestPermission()) !== "granted") {
          this.trouble = text("phone.push.refused");
          return;
        }
        const key = { userVisibleOnly: true, applicationServerKey: this.app.me.push_key };
        await send("POST", "/technician/push", (await pushManager.subscribe(key)).toJSON());
      }
      this.pushed = wanted;
    });
  }

  async sendFirst(): Promise<void> {
    this.trouble = "";
    this.troubleAt = "own";
    await this.app.sender.wake();
    await this.signOut(false);
    if (this.leaving && !this.app.online) this.trouble = text("phone.error.no_connection");
  }

  async signOut(anyway: boolean): Promise<void> {
    this.leaving = await signOut(this.app.phone, byFetch, anyway || this.unsent === 0);
    if (!this.leaving) location.replace("/technician/");
  }
}
