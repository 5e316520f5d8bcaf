/** The one way to the server. An answer counts only if it is ours; all else is no connection. */

import { PhoneError } from "./errors.ts";
import type { Refusal } from "./types.ts";

export interface Asked {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  body?: string | ArrayBuffer;
  headers?: Record<string, string>;
}

/** `json` is null where the body was not JSON. */
export interface Reply {
  status: number;
  json: unknown;
}

/** Rejects where nobody answered. */
export type Transport = (asked: Asked) => Promise<Reply>;

const WAIT_MS = 45_000;

export const byFetch: Transport = async ({ method, path, body, headers }) => {
  const type = typeof body === "string" ? "application/json" : "application/octet-stream";
  const answer = await fetch(path, {
    method,
    body,
    headers: {
      "X-Callout": "1",
      ...(body === undefined ? {} : { "Content-Type": type }),
      ...headers,
    },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(WAIT_MS),
  });
  const json = answer.headers.get("Content-Type")?.startsWith("application/json")
    ? await answer.json()
    : null;
  return { status: answer.status, json };
};

/** Our server said no, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "Refused";
  }
}

/** A 200 of ours. Throws Refused for a no of ours, PhoneError("no_connection") for all else. */
export async function ask<T extends { callout: 1 }>(
  transport: Transport,
  asked: Asked,
): Promise<T> {
  let reply: Reply;
  try {
    reply = await transport(asked);
  } catch {
    throw new PhoneError("no_connection", "Nobody answered.");
  }
  const said = reply.json as { callout?: unknown } | null;
  if (typeof said !== "object" || said?.callout !== 1) {
    throw new PhoneError("no_connection", `Not our server: ${reply.status}.`);
  }
  if (reply.status === 200) return said as T;
  const { error } = said as Partial<Refusal>;
  if (!error) throw new PhoneError("no_connection", `Neither yes nor no: ${reply.status}.`);
  throw new Refused(reply.status, error.code, error.message);
}
