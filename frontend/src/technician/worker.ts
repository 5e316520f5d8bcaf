/** Registers the service worker, and changes to a new version when nobody is in the middle of it. */

const SCOPE = "/technician/";

export interface Changing {
  /** Nothing is open or being typed: a new version may take over unseen. */
  isFree(): boolean;
  /** A new version waits; `take` loads it. What is on the phone stays where it is. */
  waits(take: () => void): void;
  /** A notification was pressed: go where it points. */
  open(hash: string): void;
}

export async function startWorker(page: Changing): Promise<void> {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  let taking = false;
  // The first worker of all takes the page over too; nothing changes by that.
  workers.addEventListener("controllerchange", () => {
    if (taking) location.reload();
  });
  workers.addEventListener("message", ({ data }) => {
    if (data?.type === "callout-open") page.open(data.hash);
  });
  const registration = await registered(workers);
  if (!registration) return;
  const take = () => {
    taking = true;
    registration.waiting?.postMessage({ type: "callout-take-over" });
  };
  const look = () => {
    if (!registration.waiting || !workers.controller) return;
    if (document.visibilityState === "hidden" && page.isFree()) take();
    else page.waits(take);
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  document.addEventListener("visibilitychange", () => {
    look();
    if (document.visibilityState === "visible" && navigator.onLine) {
      registration.update().catch(() => undefined); // no signal after all: another time
    }
  });
  // It came while the app was closed, and nothing has been begun yet.
  if (registration.waiting && workers.controller && page.isFree()) take();
  else look();
}

async function registered(
  workers: ServiceWorkerContainer,
): Promise<ServiceWorkerRegistration | null> {
  try {
    return await workers.register("/technician/sw.js", { scope: SCOPE, updateViaCache: "none" });
  } catch {
    // Offline, or behind a captive portal: the worker that is there goes on.
    return (await workers.getRegistration(SCOPE)) ?? null;
  }
}
