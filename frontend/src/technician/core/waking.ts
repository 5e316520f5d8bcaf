/** When the sender is woken: with a signal, when the app is looked at, on a push, each minute. */

import type { Sender } from "./sender.ts";
import { loadByFetch, thumbsFetch } from "./thumbs.ts";

const EACH_MS = 60_000;

/** Returns how to stop it. */
export function attend(sender: Sender): () => void {
  const over = new AbortController();
  const { signal } = over;
  const wake = () => void go();
  const go = async () => {
    await sender.wake();
    if (sender.state === "idle") await thumbsFetch(sender.phone, loadByFetch);
  };
  const look = () => {
    if (document.visibilityState === "visible") wake();
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
  wake();
  return () => {
    over.abort();
    clearInterval(timer);
    sender.stop();
  };
}
