/** What the API answers to the planning screen (docs/api.md, `/planning/…`). Times are ISO, UTC. */

export interface Linked {
  id: string;
  name: string;
}

export interface Span {
  start: string;
  end: string;
}

export interface Absence extends Span {
  id: string;
  label: string;
  kind: "holiday" | "sickness" | "training" | "meeting" | "other";
}

/** What becomes of a visit: when it began or will, when it ended or will. */
export interface Course extends Span {
  late_minutes: number;
  travel_minutes: number | null;
  kilometres: number | null;
  travel_is_estimate: boolean;
}

/** A visit in a technician's row. A helper's row has it too, with `helper`. */
export interface Visit extends Span {
  visit_id: string;
  visit_version: number;
  service_order_id: string;
  number: string;
  version: number;
  title: string;
  customer: string;
  town: string;
  type: string;
  type_icon: string;
  priority: Priority;
  absent_count: number;
  technician_status: string;
  open: boolean;
  outcome: string | null;
  helper: boolean;
  pinned: boolean;
  allow_overlap: boolean;
  vehicle_id: string | null;
  promise_from: string | null;
  promise_to: string | null;
  promise_broken: boolean;
  seen_at: string | null;
  target_at: string | null;
  target_late: boolean;
  late_report: boolean;
  happened: { departed_at: string | null; arrived_at: string | null; closed_at: string | null };
  course: Course;
}

export interface Row {
  technician: Linked;
  initials: string;
  skills: Linked[];
  teams: Linked[];
  hours: Span[];
  absences: Absence[];
  holidays: { day: string; name: string }[];
  visits: Visit[];
}

export interface Board {
  first: string;
  last: string;
  now: string;
  zone: string;
  rows: Row[];
}

export type Priority = "low" | "normal" | "high" | "urgent";

export interface PileItem {
  id: string;
  version: number;
  number: string;
  title: string;
  customer: string;
  town: string;
  postcode: string;
  position: { latitude: number; longitude: number } | null;
  type: Linked & { icon: string };
  skill_ids: string[];
  priority: Priority;
  absent_count: number;
  duration_minutes: number;
  due_at: string | null;
  at_risk: boolean;
  wish: { words: string };
  waiting_for: string;
  waiting_until: string | null;
}

export interface Pile {
  tab: "to_plan" | "waiting";
  /** Exact up to 1,000, then "1,000+". */
  counts: { to_plan: string; waiting: string };
  items: PileItem[];
}

export type Fit = "fits" | "asks" | "no";

/** What a row answers to what is picked up: its best slot in the range, or why not. */
export interface RowAnswer {
  technician_id: string;
  fit: Fit;
  start: string | null;
  end: string | null;
  travel_minutes: number | null;
  extra_minutes: number | null;
  late_minutes: number | null;
  words: string;
  code: string;
}

export interface Answers {
  duration_minutes: number;
  rows: RowAnswer[];
}

/** The answer of every start from `from` to before `until`. */
export interface StartAnswer {
  from: string;
  until: string;
  fit: Fit;
  hard: boolean;
  words: string;
  travel_minutes: number | null;
  code: string;
}

export interface Reason {
  code: string;
  words: string;
  hard: boolean;
  figures: Record<string, unknown>;
}

export interface Remedy {
  kind: "another_slot" | "another_technician" | "allow_overlap";
  words: string;
  technician: Linked;
  start: string;
  end: string;
}

/** One visit to be planned (`visit_id` null: the order is New) or moved. */
export interface Move {
  service_order_id: string;
  version: number;
  visit_id: string | null;
  technician_id: string;
  start: string;
  duration_minutes: number;
  allow_overlap: boolean;
}

export type PromiseChoice =
  | { choice: "keep" }
  | { choice: "call" }
  | { choice: "anew"; promise_from: string; promise_to: string };

export interface Done {
  service_order_id: string;
  version: number;
  visit_id: string | null;
}

export interface Moved {
  words: string;
  done: Done[];
}

/** Why a move was not made. Of the first that is refused: `service_order_id` says which. */
export interface Refusal {
  status: number;
  code: string;
  detail: string;
  service_order_id?: string;
  reasons?: Reason[];
  remedies?: Remedy[];
  promise?: { from: string; to: string; customer: string; contact: string; phone: string } | null;
  errors?: { field: string; message: string }[];
}

export interface Option extends Span {
  technician: Linked;
  why: string;
  reasons: Reason[];
  cost: {
    travel_minutes: number | null;
    travel_kilometres: number | null;
    from_home: boolean;
    on_minutes: number | null;
    replaced_minutes: number | null;
    extra_minutes: number | null;
    known: boolean;
    wait_minutes: number;
    target_slack_minutes: number | null;
    promise_slack_minutes: number | null;
    wish_slack_minutes: number | null;
  };
}

export interface Dash extends Span {
  technician: Linked;
  free_at: string;
  travel_minutes: number | null;
  reasons: Reason[];
  moves: ({ visit_id: string | null; service_order: Linked; pinned: boolean } & Span)[];
}

export interface Suggestions {
  items: Option[];
  soonest: Dash[];
}

export interface Explanation {
  slot: Option;
  remedies: { kind: Remedy["kind"]; words: string; slot: Option }[];
}
