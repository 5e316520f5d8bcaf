/** A day of proposed routes as the map draws it: the technicians of the day with the stops and drives
 * of the plan. Plain, so that it is tested. */

import type { Leg, MapDay, Place, Stop, Traveller } from "./types.ts";

export interface DrawnStop {
  order_id: string;
  number: string;
  nth: number;
  title: string;
  customer: string;
  town: string;
  lng: number | null;
  lat: number | null;
  priority: Stop["priority"];
  urgent: boolean;
  start: string;
  end: string;
  /** Over, and the same on both sides. */
  ended: boolean;
}

export interface DrawnRoute {
  technician_id: string;
  base: Place | null;
  stops: DrawnStop[];
  legs: Leg[];
}

/** What the API answers about one day of an optimisation. */
export interface DrawnDay {
  day: string;
  /** All days that were optimised. */
  days: string[];
  before: DrawnRoute[];
  after: DrawnRoute[];
}

/** What is under way or over stays where it is; its line is solid. */
const isBegun = (stop: Stop | undefined) =>
  stop !== undefined && (!stop.open || stop.status !== "planned");

/** An order may have been gone to, and be planned once more. */
const keyOf = (order: string, isOver: boolean) => `${order} ${isOver ? "over" : "open"}`;

export function proposedDay(map: MapDay, routes: DrawnRoute[]): Traveller[] {
  const known = new Map<string, Stop>();
  for (const { stops } of map.technicians) {
    for (const stop of stops) if (!stop.helper) known.set(keyOf(stop.order_id, !stop.open), stop);
  }
  const byTechnician = new Map(routes.map((one) => [one.technician_id, one]));
  return map.technicians.map((one) => {
    const route = byTechnician.get(one.id);
    const stops = (route?.stops ?? []).map((stop) =>
      stopOf(stop, known.get(keyOf(stop.order_id, stop.ended))),
    );
    const legs = (route?.legs ?? []).map((leg) => ({
      ...leg,
      done: isBegun(stops.find(({ nth }) => nth === leg.to_nth)),
    }));
    return { ...one, stops, legs, totals: totalsOf(stops, legs) };
  });
}

/** As the day has it, at the time that the plan gives it; else as the plan tells it. */
function stopOf(drawn: DrawnStop, known: Stop | undefined): Stop {
  const { nth, start, end } = drawn;
  const slot = { nth, start, end, expected_start: start, expected_end: end, late_minutes: 0 };
  if (known) return { ...known, ...slot };
  return {
    ...drawn,
    ...slot,
    visit_id: drawn.order_id,
    version: 0,
    status: drawn.ended ? "done" : "planned",
    status_label: "",
    stage: "planned",
    type: "",
    promise_from: null,
    promise_to: null,
    pinned: false,
    open: !drawn.ended,
    helper: false,
  };
}

function totalsOf(stops: Stop[], legs: Leg[]): Traveller["totals"] {
  const sum = (of: "minutes" | "kilometres") => legs.reduce((total, leg) => total + leg[of], 0);
  return {
    orders: stops.length,
    driving_minutes: sum("minutes"),
    kilometres: sum("kilometres"),
    waiting_minutes: 0,
    lateness_minutes: 0,
    first: stops[0]?.start ?? null,
    last: stops.at(-1)?.end ?? null,
  };
}
