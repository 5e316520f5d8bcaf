/** The technician's service worker: the app opens without a network, and pushes are shown.
 *
 * It keeps the files of one build and nothing else: what is synced, sent or looked at goes by it.
 * Every file has the hash of its bytes: behind a captive portal the install fails, and what was
 * there before stays.
 */

import { clientsClaim } from "workbox-core/clientsClaim.js";
import { PrecacheController } from "workbox-precaching/PrecacheController.js";

declare const self: ServiceWorkerGlobalScope & {
  /** Put in front of this file by the server: the shell, and the files of its build. */
  __callout: { shell: Entry; files: Entry[] };
};

interface Entry {
  url: string;
  revision: string | null;
  integrity: string;
}

/** As the server sends it: nothing in it is anybody's secret. */
interface Pushed {
  callout: 1;
  notice: string;
  visit: string | null;
  title: string;
  body: string;
}

const SCOPE = "/technician/";
const { shell, files } = self.__callout;
const kept = new PrecacheController();
kept.addToCacheList([shell, ...files]);
const openShell = kept.createHandlerBoundToURL(shell.url);

self.addEventListener("install", (event) => void kept.install(event));
self.addEventListener("activate", (event) => void kept.activate(event));
clientsClaim();

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && isPage(url)) {
    event.respondWith(openShell({ event, request, url }));
  } else if (url.pathname.startsWith("/static/") && kept.getCacheKeyForURL(url.href)) {
    event.respondWith(kept.strategy.handle({ event, request }) as Promise<Response>);
  }
});

/** The app has one address; whatever else lies below it is no page. */
function isPage({ pathname }: URL): boolean {
  return pathname === SCOPE;
}

self.addEventListener("message", ({ data }) => {
  // The page says when: nothing is open or being typed then.
  if (data?.type === "callout-take-over") void self.skipWaiting();
});

self.addEventListener("push", (event) => {
  event.waitUntil(Promise.all([notify(event.data), wake()]));
});

async function notify(data: PushMessageData | null): Promise<void> {
  const pushed = read(data);
  await self.registration.showNotification(pushed?.title ?? "Callout", {
    body: pushed?.body ?? "",
    // A newer word about a visit takes the place of the one before.
    tag: pushed?.visit ?? pushed?.notice ?? "callout",
    icon: "/static/build/app-192.png",
    badge: "/static/build/badge-96.png",
    data: { visit: pushed?.visit ?? null },
  });
}

function read(data: PushMessageData | null): Pushed | null {
  try {
    const said = data?.json() as Pushed | undefined;
    return said?.callout === 1 ? said : null;
  } catch {
    return null; // a push must be shown, whatever it says
  }
}

async function windows(): Promise<readonly WindowClient[]> {
  const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter(({ url }) => new URL(url).pathname.startsWith(SCOPE));
}

async function wake(): Promise<void> {
  for (const client of await windows()) client.postMessage({ type: "callout-sync" });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { visit } = event.notification.data as { visit: string | null };
  event.waitUntil(openApp(visit ? `#/visit/${visit}` : "#/"));
});

async function openApp(hash: string): Promise<void> {
  const [client] = await windows();
  if (!client) {
    await self.clients.openWindow(`${SCOPE}${hash}`);
    return;
  }
  client.postMessage({ type: "callout-open", hash });
  await client.focus();
}
