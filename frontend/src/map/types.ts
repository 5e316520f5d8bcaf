/** What the API answers about a day's map (docs/api.md, `/planning/map`). Times are ISO, UTC. */

import type { Priority } from "../planning/types.ts";

/** Longitude, latitude. */
export type Place = [number, number];

export interface Stop {
  order_id: string;
  visit_id: string;
  version: number;
  number: string;
  /** Its place in the technician's visiting order, from 1. */
  nth: number;
  title: string;
  customer: string;
  town: string;
  lng: number | null;
  lat: number | null;
  status: string;
  status_label: string;
  stage: string;
  type: string;
  priority: Priority;
  urgent: boolean;
  start: string;
  end: string;
  promise_from: string | null;
  promise_to: string | null;
  expected_start: string;
  expected_end: string;
  late_minutes: number;
  pinned: boolean;
  open: boolean;
  /** The technician goes along. */
  helper: boolean;
}

export interface Leg {
  /** 0 is where the technician's day begins. */
  from_nth: number;
  to_nth: number;
  minutes: number;
  kilometres: number;
  is_estimate: boolean;
  done: boolean;
  line: Place[];
}

export interface Totals {
  orders: number;
  driving_minutes: number;
  kilometres: number;
  waiting_minutes: number;
  lateness_minutes: number;
  first: string | null;
  last: string | null;
}

export interface Traveller {
  id: string;
  name: string;
  initials: string;
  /** Which of the twelve route colours. */
  colour: number;
  base: Place | null;
  position: { at: string; lng: number; lat: number; status: string } | null;
  totals: Totals;
  stops: Stop[];
  legs: Leg[];
}

export interface Unplanned {
  order_id: string;
  version: number;
  number: string;
  title: string;
  customer: string;
  town: string;
  lng: number | null;
  lat: number | null;
  priority: Priority;
  urgent: boolean;
  due: string | null;
  /** How that stands, in words. */
  left: string;
  duration_minutes: number;
}

export interface Nowhere {
  order_id: string;
  number: string;
  site_id: string | null;
  customer: string;
  address: string;
}

export interface MapDay {
  day: string;
  now: string;
  is_estimate: boolean;
  /** How the times between places were reckoned, in words. */
  estimate: string;
  technicians: Traveller[];
  unplanned: Unplanned[];
  /** Exact up to 1,000. */
  unplanned_count: string;
  without_position: Nowhere[];
}
