/** A proposed day as the map draws it: the stops of each route in their new order, with straight
 * lines between, since its roads are asked for only once it is planned. Plain, so that it is tested. */

import type { Leg, MapDay, Place, Stop, Traveller } from "./types.ts";
import { placeOf } from "./features.ts";

export interface RouteStop {
  order_id: string;
  start: string;
  end: string;
}

export interface ProposedRoute {
  technician_id: string;
  day: string;
  stops: RouteStop[];
}

/** What is under way or over stays where it is; its line is solid. */
const isBegun = (stop: Stop) => !stop.open || stop.status !== "planned";

export function proposedDay(map: MapDay, routes: ProposedRoute[]): Traveller[] {
  const known = new Map<string, Stop>();
  for (const order of map.unplanned) known.set(order.order_id, stopOf(order));
  for (const { stops } of map.technicians) {
    for (const stop of stops) if (!stop.helper) known.set(stop.order_id, stop);
  }
  const byTechnician = new Map(
    routes.filter((one) => one.day === map.day).map((one) => [one.technician_id, one.stops]),
  );
  return map.technicians.map((one) => {
    const stops = (byTechnician.get(one.id) ?? []).flatMap(({ order_id, start, end }, at) => {
      const stop = known.get(order_id);
      if (!stop) return []; // left out by a filter
      const expected = { expected_start: start, expected_end: end, late_minutes: 0 };
      return [{ ...stop, ...expected, start, end, nth: at + 1 }];
    });
    return { ...one, stops, legs: legsOf(one.base, stops) };
  });
}

function legsOf(base: Place | null, stops: Stop[]): Leg[] {
  const legs: Leg[] = [];
  let [from, place] = [0, base];
  for (const stop of stops) {
    const to = placeOf(stop);
    if (!to) continue;
    if (place) {
      const line = [place, to];
      const way = { minutes: 0, kilometres: 0, is_estimate: true };
      legs.push({ from_nth: from, to_nth: stop.nth, ...way, done: isBegun(stop), line });
    }
    [from, place] = [stop.nth, to];
  }
  return legs;
}

function stopOf(order: MapDay["unplanned"][number]): Stop {
  return {
    ...order,
    visit_id: order.order_id,
    nth: 0,
    status: "planned",
    status_label: "",
    stage: "new",
    type: "",
    start: "",
    end: "",
    expected_start: "",
    expected_end: "",
    promise_from: null,
    promise_to: null,
    late_minutes: 0,
    pinned: false,
    open: true,
    helper: false,
  };
}
