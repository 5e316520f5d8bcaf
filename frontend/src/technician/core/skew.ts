/** How far the phone's clock is from the server's, measured by answers. */

import type { Command } from "./types.ts";

/** A measure, by the phone's clock then; `trip` is how long the answer took: its uncertainty. */
export interface Measured {
  ms: number;
  at: number;
  trip: number;
}

const DAY_MS = 86_400_000;
const SLOW_MS = 10_000;

/** From the phone's clock when it asked and when it was answered, and the server's in between. */
export function measure(asked: number, answered: number, server: string): Measured | null {
  const trip = answered - asked;
  const said = Date.parse(server);
  // The phone's clock was set meanwhile, or the answer says nothing about now.
  if (trip < 0 || trip > SLOW_MS || Number.isNaN(said)) return null;
  return { ms: Math.round(said - (asked + answered) / 2), at: answered, trip };
}

/** As it goes into a command. A measure from the future tells that the clock was set back: none. */
export function skewNow(measured: Measured | null | undefined, now: number): Command["skew"] {
  if (!measured || now < measured.at) return null;
  return { ms: measured.ms, age_s: Math.floor((now - measured.at) / 1000) };
}

/** The server's time as well as the phone knows it. */
export function trueNow(measured: Measured | null | undefined, now: number): number {
  const fresh = measured && now >= measured.at && now - measured.at < DAY_MS;
  return fresh ? now + measured.ms : now;
}
