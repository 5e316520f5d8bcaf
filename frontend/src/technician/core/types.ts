// What the phone and the server say to each other: see docs/sync.md. Times are ISO 8601 in UTC.

export type Mark = "on_phone" | "received" | "applied" | "needs_look";

/** What became of a command; "held" is the server's fault: it keeps it and tries again itself. */
export type Outcome = "applied" | "same" | "late" | "refused" | "unknown" | "held";

/** As it goes up. `n` is this store's own counter and the only order; clocks lie. */
export interface Command {
  id: string;
  n: number;
  v: 1;
  visit: string | null;
  action: string;
  body: Record<string, unknown>;
  /** The phone's clock, and its measured offset (server less phone, ms) with that measure's age. */
  at: string;
  skew: { ms: number; age_s: number } | null;
  /** Revision of the visit's document that the technician looked at: evidence, never a lock. */
  seen: string;
}

export interface Answer {
  id: string;
  outcome: Outcome;
  /** Stable, for programs; and why, for people, in the user's language. Empty when all is well. */
  code: string;
  words: string;
  /** The true time that the server settled on, and whether the two clocks disagreed. */
  at: string | null;
  uncertain: boolean;
}

export interface Position {
  visit: string;
  at: string;
  latitude: number;
  longitude: number;
  accuracy: number | null;
}

export interface SyncRequest {
  callout: 1;
  /** The phone's clock as the request leaves. */
  now: string;
  app: string;
  epoch: string | null;
  known: Record<string, string>;
  commands: Command[];
  positions: Position[];
  /** What is left on the phone besides these commands. */
  unsent: { commands: number; files: number; bytes: number; since: string | null };
}

export interface SyncAnswer {
  callout: 1;
  epoch: string;
  now: string;
  answers: Answer[];
  docs: Doc[];
  gone: string[];
  /** There is more to fetch: ask again at once. */
  more: boolean;
}

/** Instead of a 200: {callout: 1, error: {code, message}}. Codes of 401: see below. */
export interface Refusal {
  callout: 1;
  error: { code: string; message: string };
}
/** not_signed_in: sign in, the queue stays. deactivated: hand over. lost: forget everything. */
export type SignInCode = "not_signed_in" | "other_user" | "revoked" | "deactivated" | "lost";

export type Doc =
  | { id: "me"; rev: string; body: Me }
  | { id: `visit:${string}`; rev: string; body: VisitDoc };

export interface Me {
  user: { id: string; name: string; language: string };
  technician: { id: string; name: string };
  device: string;
  company: { name: string; phone: string; zone: string; country: string };
  /** Where the same person has the office too. */
  office: boolean;
  lifecycle: Lifecycle;
  reasons: Record<"cancel" | "hand_back" | "absent", { id: string; label: string }[]>;
  /** VAPID public key, base64url; "" where pushes are not set up. */
  push_key: string;
  position: { consent: boolean; days: number };
  /** The company's working hours of this technician for the next 9 days, for quiet and "off duty". */
  hours: { day: string; spans: [string, string][] }[];
  /** The user's commands of the last 14 days that are not simply applied, of whichever phone. */
  entries: (Answer & { decided: "" | "happened" | "note"; decided_note: string })[];
  notices: Notice[];
}

export interface Notice {
  id: string;
  kind: "new" | "moved" | "taken" | "cancelled" | "decided";
  visit: string | null;
  number: string;
  words: string;
  at: string;
}

/** The rows of the server's lifecycle table that a technician may use; `fold` reads them. */
export interface Lifecycle {
  actions: LifecycleAction[];
  /** The one big button of each status. */
  next: Record<string, string>;
  under_way: string[];
  statuses: { code: string; label: string }[];
  undo_minutes: number;
}
export interface LifecycleAction {
  code: string;
  label: string;
  sources: string[];
  /** A status, or "same", "next", "before_break", "before". */
  to: string;
  closes: string;
  takes_reason: "" | "cancel" | "hand_back" | "absent";
  wants_reason: boolean;
}

export interface VisitDoc {
  id: string;
  order: {
    id: string;
    number: string;
    title: string;
    text: string;
    type: { name: string; icon: string };
    priority: string;
    priority_label: string;
    stage: string;
    absent: number;
  };
  slot: { start: string; end: string; expected_end: string | null };
  promise: { from: string; to: string } | null;
  wish: string;
  status: string;
  before_break: string;
  is_open: boolean;
  outcome: string;
  helper: boolean;
  /** False: new, or planned anew, since this technician last opened it. */
  seen: boolean;
  customer: { name: string; alert: string; email: string };
  site: {
    name: string;
    address: string;
    latitude: number | null;
    longitude: number | null;
    access: { label: string; text: string; icon: string }[];
    /** "": none. "open": may be looked at now, with a signal. "later": from `code_from` on. */
    code: "" | "open" | "later";
    code_from: string;
  };
  calls: { name: string; detail: string; number: string; tel: string }[];
  team: string[];
  assets: { id: string; name: string; detail: string; history: Past[] }[];
  /** Other past interventions at the site; earlier visits of this order. */
  earlier: Past[];
  attempts: Past[];
  notes: { id: string; text: string; who: string; at: string; own: boolean }[];
  files: FileDoc[];
  timeline: TimelineDoc[];
  /** The drive here from the visit before it on the same day, an estimate. */
  leg: { kilometres: number; minutes: number } | null;
  times: {
    kind: string;
    label: string;
    start: string;
    end: string | null;
    derived: boolean;
    note: string;
  }[];
  checklist: ChecklistDoc[];
  parts: PartDoc[];
  report: { text: string; unsigned_because: string };
  signature: SignatureDoc | null;
}

export interface Past {
  day: string;
  what: string;
  who: string;
  outcome: string;
  done: boolean;
}
export interface FileDoc {
  id: string;
  name: string;
  photo: boolean;
  own: boolean;
  /** Of the bytes as sent: to know one's own again, and what is sealed; "" for the office's. */
  sha256: string;
  tag: string;
  item: string;
  /** Addresses, outside the app's scope; "" while only announced. */
  url: string;
  thumb: string;
  /** Why the bytes were refused, in words. */
  words: string;
}
export interface TimelineDoc {
  /** The server's, as text. `command`: the phone's entry that made it, "" for others. */
  id: string;
  command: string;
  action: string;
  label: string;
  status: string;
  at: string;
  /** The value before a correction. */
  first_at: string | null;
  /** Of Extend: how much longer it takes; 0 and null say nothing. */
  minutes: number | null;
  who: string;
  own: boolean;
  uncertain: boolean;
}
export interface ChecklistDoc {
  id: string;
  text: string;
  kind: "tick" | "number" | "text" | "choice" | "photo";
  required: boolean;
  low: string | null;
  high: string | null;
  unit: string;
  choices: string[];
  /** true or false, a number as text, words, a choice; null: not answered. Photos: see `files`. */
  answer: boolean | string | null;
}
export interface PartDoc {
  id: string;
  text: string;
  quantity: string;
  unit: string;
}
export interface SignatureDoc {
  name: string;
  at: string;
  /** Ten characters of the seal's hash, as printed on the report. */
  mark: string;
  /** What was changed after signing, in words; empty: nothing. */
  changed: { field: string; label: string; was: string; now: string }[];
}
