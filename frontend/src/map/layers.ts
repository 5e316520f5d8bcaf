/** The layers of the day over the ground: routes, then people and marks. */

import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
} from "maplibre-gl";
import type { Colours } from "./colours.ts";
import { FONT } from "./style.ts";

const EMPTY = { type: "FeatureCollection" as const, features: [] };
/** Fewer than this so near to each other overlap; more become one mark with their count. */
const CROWD = 4;
const NEARER = 18;
/** From here on every mark stands for itself. */
export const APART = 13;
/** From here on the promised hours stand beside all figures. */
const HOURS = 10.5;
/** And from here on minutes and kilometres on all legs. */
const NAMED = 8;

const from = (kilometres: number): ExpressionSpecification => [
  "case",
  [">=", ["get", "kilometres"], kilometres],
  ["get", "words"],
  "",
];
/** Words only where the leg is longer than they are: else they lie on the marks at its ends. */
const LONG_LEGS: ExpressionSpecification = [
  "step",
  ["zoom"],
  from(20),
  9,
  from(10),
  10,
  from(5),
  11,
  from(2.5),
  12,
  from(1.2),
  13,
  from(0),
];

export const MARKS = "marks";
export const CROWDS = "crowds";
export const PEOPLE = "people";
export const BASES = "bases";
/** The marks looked at, above all others and out of their crowds. */
export const LOOKED = "looked-marks";
export const ALL_MARKS = [MARKS, CROWDS, PEOPLE];
/** What is drawn of a route that can be pointed at. */
export const LINES = ["done", "to-come", "looked-done", "looked-to-come"];
export const ALL_ROUTES = ["halo", "done", "to-come"];
export const ALL_WORDS = "words";

export function daySources(): Record<string, SourceSpecification> {
  const plain = { type: "geojson" as const, data: EMPTY };
  return {
    legs: plain,
    "looked-legs": plain,
    words: plain,
    "looked-words": plain,
    looked: plain,
    other: plain,
    bases: plain,
    people: plain,
    marks: {
      ...plain,
      cluster: true,
      clusterRadius: NEARER,
      clusterMinPoints: CROWD,
      clusterMaxZoom: APART - 1,
      clusterProperties: { urgent: ["max", ["get", "urgent"]] },
    },
  };
}

function coloured(tones: string[], fallback: string): ExpressionSpecification {
  const pairs = tones.flatMap((tone, nth) => [nth, tone]);
  return ["match", ["get", "colour"], ...pairs, fallback] as unknown as ExpressionSpecification;
}

/** Of the routes that are not looked at, while one is; and of their marks. */
export const FAINT = 0.28;
export const FAINT_MARK = 0.4;

const single: ["!", ["has", string]] = ["!", ["has", "point_count"]];

export function dayLayers(colours: Colours): LayerSpecification[] {
  const lines = coloured(colours.lines, colours.quiet);
  return [
    // The other state of a comparison: thin, grey, below.
    {
      id: "other",
      type: "line",
      source: "other",
      layout: ROUND,
      paint: { "line-color": colours.edge, "line-width": 2.5, "line-opacity": 0.75 },
    },
    ...routes(colours, "legs", ""),
    ...routes(colours, "looked-legs", "looked-"),
    {
      id: BASES,
      type: "circle",
      source: "bases",
      paint: {
        "circle-radius": 5,
        "circle-color": colours.surface,
        "circle-stroke-width": 2.5,
        "circle-stroke-color": lines,
      },
    },
    {
      id: PEOPLE,
      type: "symbol",
      source: "people",
      layout: {
        "icon-image": ["get", "image"],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
    {
      id: "ring",
      type: "circle",
      source: "looked",
      filter: ["get", "ringed"],
      paint: {
        "circle-radius": 17,
        "circle-color": colours.focus,
        "circle-opacity": 0.22,
        "circle-stroke-width": 2,
        "circle-stroke-color": colours.focus,
      },
    },
    marks(MARKS, "marks", single),
    {
      id: CROWDS,
      type: "symbol",
      source: "marks",
      filter: ["has", "point_count"],
      layout: {
        "icon-image": [
          "concat",
          "crowd|",
          ["get", "point_count_abbreviated"],
          ["case", [">", ["get", "urgent"], 0], "|urgent", "|"],
        ],
        "icon-allow-overlap": true,
      },
    },
    marks(LOOKED, "looked", true),
    windows(colours, "marks", HOURS),
    windows(colours, "looked", 0),
    legWords(colours, "words", NAMED, LONG_LEGS),
    legWords(colours, "looked-words", 0, ["get", "words"]),
  ];
}

function marks(id: string, source: string, filter: FilterSpecification): LayerSpecification {
  return {
    id,
    type: "symbol",
    source,
    filter,
    layout: {
      "icon-image": ["get", "image"],
      "icon-allow-overlap": true,
      "icon-padding": -6, // names of towns keep clear of the disc
      "symbol-sort-key": ["get", "order"],
    },
  };
}

const ROUND = { "line-cap": "round", "line-join": "round" } as const;

/** A route: solid on a halo where it is driven, dotted where it is to come. */
function routes(colours: Colours, source: string, prefix: string): LayerSpecification[] {
  const tone = coloured(colours.lines, colours.quiet);
  const common = { source, type: "line", layout: ROUND } as const;
  const halo = colours.dark ? "#0e1217" : "#ffffff";
  return [
    {
      ...common,
      id: `${prefix}halo`,
      filter: ["get", "done"],
      paint: { "line-color": halo, "line-width": 7, "line-opacity": 0.9 },
    },
    {
      ...common,
      id: `${prefix}done`,
      filter: ["get", "done"],
      paint: { "line-color": tone, "line-width": 3.5 },
    },
    {
      ...common,
      id: `${prefix}to-come`,
      filter: ["!", ["get", "done"]],
      paint: { "line-color": tone, "line-width": 3.5, "line-dasharray": [0.01, 2] },
    },
  ];
}

/** Minutes and kilometres on a leg: of all from near, where there is room; of the route looked at
 * from anywhere. */
function legWords(
  colours: Colours,
  source: string,
  minzoom: number,
  field: ExpressionSpecification,
): LayerSpecification {
  return {
    id: source,
    type: "symbol",
    source,
    minzoom,
    layout: {
      "text-field": field,
      "text-font": FONT,
      "text-size": 11,
      "text-padding": 4,
    },
    paint: {
      "text-color": colours.text,
      "text-halo-color": colours.surface,
      "text-halo-width": 2.5,
    },
  };
}

/** The promised hours beside a mark: of all from near, where there is room; of those looked at from
 * anywhere. */
function windows(colours: Colours, source: string, minzoom: number): LayerSpecification {
  return {
    id: `${source}-hours`,
    type: "symbol",
    source,
    minzoom,
    filter: ["all", single, ["!=", ["get", "window"], ""]],
    layout: {
      "text-field": ["get", "window"],
      "text-font": FONT,
      "text-size": 11,
      "text-anchor": "left",
      "text-offset": [1.8, 0.5],
      "text-allow-overlap": !minzoom,
    },
    paint: {
      "text-color": colours.text,
      "text-halo-color": colours.surface,
      "text-halo-width": 2.5,
    },
  };
}
