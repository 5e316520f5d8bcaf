/** The small doors beside the sync: they need a signal, and say so. */

import { ask, type Asked, byFetch } from "./core/transport.ts";

export function send<T extends { callout: 1 }>(
  method: Asked["method"],
  path: string,
  body: object = {},
): Promise<T> {
  return ask<T>(byFetch, { method, path, body: JSON.stringify({ callout: 1, ...body }) });
}
