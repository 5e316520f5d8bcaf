/** When the sender is woken: with a signal, when the app is looked at, on a push, each minute, and
 * at once when the office has changed something of this technician's. */

import type { Sender } from "./sender.ts";
import { loadByFetch, thumbsFetch } from "./thumbs.ts";

const EACH_MS = 60_000;
const LIVE = "/technician/live";
/** A change of the office's is often several: one question for all of them. */
const GATHER_MS = 250;

/** Returns how to stop it. */
export function attend(sender: Sender): () => void {
  const over = new AbortController();
  const { signal } = over;
  const wake = () => sender.phone.unattended(go());
  const go = async () => {
    await sender.wake();
    if (sender.state === "idle") await thumbsFetch(sender.phone, loadByFetch);
  };
  const hints = new Hints(wake);
  const look = () => {
    const seen = document.visibilityState === "visible";
    hints.listen(seen && sender.state !== "sign_in");
    if (seen) wake();
  };
  window.addEventListener("online", wake, { signal });
  window.addEventListener("pageshow", look, { signal });
  document.addEventListener("visibilitychange", look, { signal });
  navigator.serviceWorker?.addEventListener(
    "message",
    ({ data }) => {
      if (data?.type === "callout-sync") wake();
    },
    { signal },
  );
  const timer = setInterval(() => {
    if (document.visibilityState === "visible" && navigator.onLine) wake();
  }, EACH_MS);
  look();
  return () => {
    over.abort();
    hints.listen(false);
    clearInterval(timer);
    sender.stop();
  };
}

/** Hints of the server's that something is new; the browser opens the stream again by itself. */
class Hints {
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly wake: () => void) {}

  /** While the app is looked at: a phone in the pocket is told by push. */
  listen(on: boolean): void {
    if (!on) {
      clearTimeout(this.timer);
      this.source?.close();
      this.source = null;
    } else if (!this.source || this.source.readyState === EventSource.CLOSED) {
      this.source = new EventSource(LIVE);
      // `ready` without the place where it was: something may have happened in between.
      for (const name of ["message", "ready", "resync"]) {
        this.source.addEventListener(name, () => this.soon());
      }
    }
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.wake, GATHER_MS);
  }
}
