/** Where the technician is: only while the app is open, on duty, and with consent. */

import type { Phone } from "./phone.ts";
import type { Position } from "./types.ts";

/** Older ones fall out: a path with holes is worth more than a full phone. */
export const RING = 200;
const APART_MS = 30_000;
const ON_DUTY = ["en_route", "on_site", "working"];

/** Keeps a point for the next sending, and forgets those that are too many. */
export async function positionKeep(phone: Phone, position: Position): Promise<void> {
  const { positions } = phone.store;
  await phone.store.transaction("rw", positions, async () => {
    await positions.add(position);
    const many = (await positions.count()) - RING;
    if (many > 0) await positions.bulkDelete(await positions.limit(many).primaryKeys());
  });
}

/** The visit that positions are of: one under way as responsible, never in Break; null: none. */
export async function dutyOf(phone: Phone): Promise<string | null> {
  const { me, visits } = await phone.lying();
  if (!me?.position.consent) return null;
  const now = visits.find((one) => one.is_open && !one.helper && ON_DUTY.includes(one.status));
  return now?.id ?? null;
}

export type Watching = "off" | "on" | "refused";

/** Watches as duty and consent say; `tell` hears how it stands. Returns how to stop. */
export function watchPosition(phone: Phone, tell: (state: Watching) => void): () => void {
  const places = navigator.geolocation;
  let watch: number | null = null;
  let visit: string | null = null;
  let last = 0;

  const end = () => {
    if (watch !== null) places.clearWatch(watch);
    watch = null;
  };
  const keep = ({ coords, timestamp }: GeolocationPosition) => {
    if (!visit || timestamp - last < APART_MS) return;
    last = timestamp;
    const { latitude, longitude, accuracy } = coords;
    const at = new Date(phone.circumstances.now()).toISOString();
    void positionKeep(phone, { visit, at, latitude, longitude, accuracy });
    tell("on");
  };
  const failed = ({ code, PERMISSION_DENIED }: GeolocationPositionError) => {
    if (code === PERMISSION_DENIED) tell("refused");
  };
  const look = async () => {
    const open = document.visibilityState === "visible";
    visit = open && places ? await dutyOf(phone) : null;
    if (!visit) {
      end();
      tell("off");
    } else {
      watch ??= places.watchPosition(keep, failed, { enableHighAccuracy: true });
    }
  };

  const looking = () => phone.unattended(look());
  const unsubscribe = phone.subscribe(looking);
  document.addEventListener("visibilitychange", looking);
  looking();
  return () => {
    unsubscribe();
    document.removeEventListener("visibilitychange", looking);
    end();
  };
}
