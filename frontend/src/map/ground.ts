/** The ground of the map, from files of this build: the world from afar, and squares of it from near,
 * read when they come into view. */

import { SIDE, squares, world } from "virtual:basemap";
import type { Feature, FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import type { Place } from "./types.ts";

/** From here on the squares are drawn. */
export const NEAR = 5;

interface Sheet {
  parts: number;
  land: number[][];
  lakes: number[][];
  rivers: number[][];
  borders: number[][];
  towns: [number, number, number, string][];
}

const kept = new Map<string, Promise<FeatureCollection>>();

/** The files lie beside the script that asks for them. */
function addressOf(name: string, hash: string): string {
  return new URL(`basemap-${name}-${hash}.json`, import.meta.url.replace(/[^/]*$/, "")).href;
}

/** The path that `packed` of build/clipping.ts wrote. */
export function unpacked(numbers: number[], parts: number): Place[] {
  const path: Place[] = [];
  let [x, y] = [0, 0];
  for (let at = 0; at < numbers.length; at += 2) {
    x += numbers[at] as number;
    y += numbers[at + 1] as number;
    path.push([x / parts, y / parts]);
  }
  return path;
}

export function featuresOf({ parts, land, lakes, rivers, borders, towns }: Sheet): Feature[] {
  const ring =
    (kind: string) =>
    (numbers: number[]): Feature => {
      const path = unpacked(numbers, parts);
      path.push(path[0] as Place);
      return {
        type: "Feature",
        properties: { kind },
        geometry: { type: "Polygon", coordinates: [path] },
      };
    };
  const line =
    (kind: string) =>
    (numbers: number[]): Feature => ({
      type: "Feature",
      properties: { kind },
      geometry: { type: "LineString", coordinates: unpacked(numbers, parts) },
    });
  return [
    ...land.map(ring("land")),
    ...lakes.map(ring("lake")),
    ...rivers.map(line("river")),
    ...borders.map(line("border")),
    ...towns.map(
      ([x, y, size, name]): Feature => ({
        type: "Feature",
        properties: { kind: "town", size, name },
        geometry: { type: "Point", coordinates: [x / parts, y / parts] },
      }),
    ),
  ];
}

function load(name: string, hash: string): Promise<FeatureCollection> {
  let found = kept.get(name);
  if (!found) {
    found = fetch(addressOf(name, hash))
      .then((answer) => answer.json() as Promise<Sheet>)
      .then((sheet) => ({ type: "FeatureCollection", features: featuresOf(sheet) }));
    kept.set(name, found);
    found.catch(() => kept.delete(name)); // no connection: the next look asks again
  }
  return found;
}

/** The names of the squares that a view touches and that are not all sea. */
export function squaresIn(west: number, south: number, east: number, north: number): string[] {
  const names: string[] = [];
  const at = (degrees: number) => Math.floor(degrees / SIDE);
  const around = 360 / SIDE;
  for (let column = at(west + 180); column <= at(east + 180); column++) {
    for (let row = at(south + 90); row <= at(north + 90); row++) {
      const name = `${((column % around) + around) % around}_${row}`;
      if (name in squares && !names.includes(name)) names.push(name);
    }
  }
  return names;
}

/** Keeps the ground under the view of a map that has loaded. */
export function layGround(map: MapLibre): void {
  let shown = "";
  const source = (name: string) => map.getSource<GeoJSONSource>(name);
  const look = async () => {
    if (map.getZoom() < NEAR) return;
    const bounds = map.getBounds();
    const names = squaresIn(
      bounds.getWest(),
      bounds.getSouth(),
      bounds.getEast(),
      bounds.getNorth(),
    );
    const wanted = names.sort().join();
    if (wanted === shown) return;
    shown = wanted;
    const sheets = await Promise.all(names.map((name) => load(name, squares[name] as string)));
    if (shown !== wanted) return; // moved on meanwhile
    const features = sheets.flatMap((sheet) => sheet.features);
    source("near")?.setData({ type: "FeatureCollection", features });
  };
  const looked = () => void look().catch(() => (shown = ""));
  void load("world", world)
    .then((data) => source("far")?.setData(data))
    .catch(() => undefined); // no connection: a page read anew asks again
  looked();
  map.on("moveend", looked);
}
