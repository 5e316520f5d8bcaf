/** The layers of the day over the ground: routes, then people and marks. */

import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
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

export const MARKS = "marks";
export const CROWDS = "crowds";
export const PEOPLE = "people";
export const LINES = ["done", "to-come"];

export function daySources(): Record<string, SourceSpecification> {
  const plain = { type: "geojson" as const, data: EMPTY };
  return {
    legs: plain,
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

/** Strong for the technicians looked at, faint for the others; all alike where none is. */
export function strength(technician: string): ExpressionSpecification | number {
  return technician ? ["case", ["==", ["get", "technician"], technician], 1, 0.28] : 1;
}

const single: ["!", ["has", string]] = ["!", ["has", "point_count"]];

export function dayLayers(colours: Colours): LayerSpecification[] {
  const lines = coloured(colours.lines, colours.quiet);
  const round = { "line-cap": "round" as const, "line-join": "round" as const };
  const halo = { "line-color": colours.dark ? "#0e1217" : "#ffffff", "line-width": 7 };
  const dots = { "line-width": 3.5, "line-dasharray": [0.01, 2] };
  return [
    // The other state of a comparison: thin, grey, below.
    {
      id: "other",
      type: "line",
      source: "other",
      layout: round,
      paint: { "line-color": colours.edge, "line-width": 2.5, "line-opacity": 0.75 },
    },
    {
      id: "halo",
      type: "line",
      source: "legs",
      filter: ["get", "done"],
      layout: round,
      paint: { ...halo, "line-opacity": 0.9 },
    },
    {
      id: "done",
      type: "line",
      source: "legs",
      filter: ["get", "done"],
      layout: round,
      paint: { "line-color": lines, "line-width": 3.5 },
    },
    {
      id: "to-come",
      type: "line",
      source: "legs",
      filter: ["!", ["get", "done"]],
      layout: round,
      paint: { ...dots, "line-color": lines },
    },
    {
      id: "bases",
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
      source: "marks",
      filter: ["==", ["get", "key"], ""],
      paint: {
        "circle-radius": 17,
        "circle-color": colours.focus,
        "circle-opacity": 0.22,
        "circle-stroke-width": 2,
        "circle-stroke-color": colours.focus,
      },
    },
    {
      id: MARKS,
      type: "symbol",
      source: "marks",
      filter: single,
      layout: {
        "icon-image": ["get", "image"],
        "icon-allow-overlap": true,
        "icon-padding": -6, // names of towns keep clear of the disc
        "symbol-sort-key": ["get", "order"],
      },
    },
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
    windows(colours, "windows", HOURS),
    windows(colours, "windows-of", 0),
    {
      id: "leg-words",
      type: "symbol",
      source: "legs",
      filter: ["==", ["get", "technician"], ""],
      layout: {
        "symbol-placement": "line-center",
        "text-rotation-alignment": "viewport",
        "text-field": ["get", "words"],
        "text-font": FONT,
        "text-size": 11,
        "text-allow-overlap": true,
      },
      paint: {
        "text-color": colours.text,
        "text-halo-color": colours.surface,
        "text-halo-width": 2.5,
      },
    },
  ];
}

/** The promised hours beside a mark: of all from near, of those looked at from anywhere. */
function windows(colours: Colours, id: string, minzoom: number): LayerSpecification {
  const none: ["==", ["get", string], string] = ["==", ["get", "technician"], "-"];
  return {
    id,
    type: "symbol",
    source: "marks",
    minzoom,
    filter: minzoom ? ["all", single, ["!=", ["get", "window"], ""]] : none,
    layout: {
      "text-field": ["get", "window"],
      "text-font": FONT,
      "text-size": 11,
      "text-anchor": "left",
      "text-offset": [1.8, 0.5],
      "text-allow-overlap": true,
    },
    paint: {
      "text-color": colours.text,
      "text-halo-color": colours.surface,
      "text-halo-width": 2.5,
    },
  };
}
