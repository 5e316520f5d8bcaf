/** The planning screen's way to the server: the public API, with this page's session. */

import { csrfToken } from "../shared/requests.ts";
import { text } from "../shared/texts.ts";
import type { Refusal } from "./types.ts";

type Query = Record<string, string | number | boolean | null | undefined>;

const PLACE = "/api/v1/";

/** The server said no, in words; `refusal` says what more. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
  }
}

/** Whether the server has answered: else nobody knows what was done. */
export function isDefinite({ refusal }: Refused): boolean {
  return refusal.status >= 400 && refusal.status < 500 && refusal.status !== 401;
}

export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value || value === 0);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return `${PLACE}${path}${search.size ? `?${search}` : ""}`;
}

export function read<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return ask<T>(address(path, query), { signal, headers: { Accept: "application/json" } });
}

interface Sending {
  /** Names the wish: sent again with the same key it has its effect once. */
  key?: string;
  method?: "POST" | "PATCH";
  /** What was seen of the thing that is changed; somebody faster makes it 412. */
  version?: number;
}

export function send<T>(path: string, body: unknown, how: Sending = {}): Promise<T> {
  const seen: Record<string, string> = {};
  if (how.version !== undefined) seen["If-Match"] = `"${how.version}"`;
  return ask<T>(address(path), {
    method: how.method ?? "POST",
    body: JSON.stringify(body),
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": csrfToken(),
      "Idempotency-Key": how.key ?? crypto.randomUUID(),
      ...seen,
    },
  });
}

async function ask<T>(url: string, init: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(url, { ...init, credentials: "same-origin" });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Refused({ status: 0, code: "network", detail: text("error.network") });
  }
  if (answer.ok) return (await answer.json()) as T;
  throw new Refused(await refusalOf(answer));
}

async function refusalOf(answer: Response): Promise<Refusal> {
  const otherwise = {
    status: answer.status,
    code: "server",
    detail: text(answer.status === 401 ? "error.signed_out" : "error.server"),
  };
  if (!answer.headers.get("Content-Type")?.includes("json")) return otherwise;
  const told = (await answer.json()) as Partial<Refusal>;
  const first = told.errors?.[0]?.message;
  return { ...otherwise, ...told, detail: first ?? told.detail ?? otherwise.detail };
}
