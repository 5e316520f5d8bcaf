/** A day's map as the shapes that the map draws. Plain, so that it is tested. */

import type { Feature, FeatureCollection, Point } from "geojson";
import { orderImage, personImage, stopImage } from "./discs.ts";
import type { Leg, MapDay, Place, Stop, Traveller, Unplanned } from "./types.ts";

export interface Shapes {
  marks: FeatureCollection<Point>;
  legs: FeatureCollection;
  /** What stands beside each leg. */
  words: FeatureCollection<Point>;
  bases: FeatureCollection<Point>;
  people: FeatureCollection<Point>;
}

export interface Words {
  /** "10:00–12:00" */
  span: (start: string, end: string) => string;
  /** "24 min, 18 km" */
  leg: (leg: Leg) => string;
}

/** Names a mark: an order to plan, or a visit in somebody's route; who goes along has it too. */
export const orderKey = (id: string) => `order:${id}`;
export const stopKey = (visit: string, technician: string) => `stop:${visit}@${technician}`;

/** What two plans have in common: the visit of a mark, or its order, whoever has it. */
export const subjectOf = (key: string) => key.replace(/^\w+:/, "").replace(/@.*$/, "");

export function placeOf({ lng, lat }: { lng: number | null; lat: number | null }): Place | null {
  return lng === null || lat === null ? null : [lng, lat];
}

function point(place: Place, properties: Record<string, unknown>): Feature<Point> {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates: place } };
}

function collection<T extends Feature>(features: T[]) {
  return { type: "FeatureCollection" as const, features };
}

export function shapesOf(
  day: MapDay,
  shown: Traveller[],
  withUnplanned: boolean,
  words: Words,
): Shapes {
  const stops = shown.flatMap((one) =>
    one.stops.flatMap((stop) => {
      const place = placeOf(stop);
      return place ? [stopPoint(one, stop, place, words)] : [];
    }),
  );
  const orders = withUnplanned
    ? day.unplanned.flatMap((order) => {
        const place = placeOf(order);
        return place ? [orderPoint(order, place)] : [];
      })
    : [];
  return {
    marks: collection([...orders, ...stops]),
    legs: collection(shown.flatMap((one) => one.legs.map((leg) => legLine(one, leg)))),
    words: collection(shown.flatMap((one) => one.legs.map((leg) => legWords(one, leg, words)))),
    bases: collection(
      shown.flatMap((one) => (one.base ? [point(one.base, { colour: one.colour })] : [])),
    ),
    people: collection(
      shown.flatMap(({ position, colour, initials, id }) =>
        position
          ? [
              point([position.lng, position.lat], {
                image: personImage(colour, initials, position.status),
                technician: id,
              }),
            ]
          : [],
      ),
    ),
  };
}

function stopPoint(one: Traveller, stop: Stop, place: Place, words: Words): Feature<Point> {
  const { promise_from: from, promise_to: to } = stop;
  return point(place, {
    key: stopKey(stop.visit_id, one.id),
    image: stopImage(one.colour, stop.nth, stop.status, stop.urgent),
    urgent: stop.urgent ? 1 : 0,
    order: 1000 - Math.round(place[1] * 10),
    technician: one.id,
    window: from && to ? words.span(from, to) : "",
  });
}

function orderPoint(order: Unplanned, place: Place): Feature<Point> {
  return point(place, {
    key: orderKey(order.order_id),
    image: orderImage(order.priority),
    urgent: order.urgent ? 1 : 0,
    order: order.urgent ? 900 : 500,
    technician: "",
    window: "",
  });
}

const lineOf = (leg: Leg) => (leg.is_estimate ? bent(leg.line) : leg.line);

function legLine(one: Traveller, leg: Leg): Feature {
  return {
    type: "Feature",
    properties: { technician: one.id, colour: one.colour, done: leg.done },
    geometry: { type: "LineString", coordinates: lineOf(leg) },
  };
}

/** Before the middle, so that the words of there and of back do not lie on each other. */
const BEFORE_MIDDLE = 0.4;

function legWords(one: Traveller, leg: Leg, words: Words): Feature<Point> {
  const at = along(lineOf(leg), BEFORE_MIDDLE);
  return point(at, {
    technician: one.id,
    words: words.leg(leg),
    kilometres: leg.kilometres,
  });
}

/** The point that is a share of the way from the beginning of a line. */
export function along(line: Place[], share: number): Place {
  const lengths = line.slice(1).map((to, at) => {
    const [x, y] = line[at] as Place;
    return Math.hypot(to[0] - x, to[1] - y);
  });
  let left = lengths.reduce((sum, one) => sum + one, 0) * share;
  for (const [at, length] of lengths.entries()) {
    const [from, to] = [line[at], line[at + 1]] as [Place, Place];
    if (left <= length && length > 0) {
      const part = left / length;
      return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
    }
    left -= length;
  }
  return line.at(-1) as Place;
}

const STEPS = 20;
const BEND = 0.07;

/** A line that nobody knows the road of is drawn as a bow: it says so, and there and back do not
 * lie on each other. */
export function bent(line: Place[]): Place[] {
  const [from, to] = line;
  if (line.length !== 2 || !from || !to) return line;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const middle: Place = [(from[0] + to[0]) / 2 - dy * BEND * 2, (from[1] + to[1]) / 2 + dx * BEND];
  return Array.from({ length: STEPS + 1 }, (_, step): Place => {
    const t = step / STEPS;
    const along = (axis: 0 | 1) =>
      (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * middle[axis] + t ** 2 * to[axis];
    return [along(0), along(1)];
  });
}

/** The box around all of it; null where there is nothing. */
export function around(
  day: MapDay,
  shown: Traveller[],
  withUnplanned: boolean,
): [Place, Place] | null {
  const places = [
    ...shown.flatMap((one) => [...one.stops.map(placeOf), one.base]),
    ...(withUnplanned ? day.unplanned.map(placeOf) : []),
  ].filter((place): place is Place => place !== null);
  if (!places.length) return null;
  const least = (axis: 0 | 1) => Math.min(...places.map((place) => place[axis]));
  const most = (axis: 0 | 1) => Math.max(...places.map((place) => place[axis]));
  return [
    [least(0), least(1)],
    [most(0), most(1)],
  ];
}
