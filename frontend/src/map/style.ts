/** How the bundled ground looks: quiet, so that the day stands out. No glyphs are loaded from
 * anywhere: without an address of them the map draws its words in the page's own font. */

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Colours } from "./colours.ts";
import { NEAR } from "./ground.ts";

/** The first is no font: the map reads the weight out of the first name. */
export const FONT = ["Medium", "Inter Variable"];
const STRONG = ["Semibold", "Inter Variable"];
const CREDIT = "Natural Earth · GeoNames (CC BY 4.0)";
const EMPTY = { type: "FeatureCollection" as const, features: [] };

/** Ten times the logarithm of the people: 50 is a hundred thousand. */
const SIZES = { city: 50, large: 43, town: 37, village: 0 };

export function groundStyle(colours: Colours): StyleSpecification {
  const source = { type: "geojson" as const, data: EMPTY, attribution: CREDIT };
  return {
    version: 8,
    sources: { far: { ...source, maxzoom: NEAR }, near: { ...source, maxzoom: 11, buffer: 64 } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colours.water } },
      ...shapes("far", colours, { maxzoom: NEAR }),
      ...shapes("near", colours, { minzoom: NEAR }),
      built(colours, "large", NEAR),
      built(colours, "village", 10),
      towns("far", colours, "city", { minzoom: 3, maxzoom: NEAR }),
      towns("near", colours, "village", { minzoom: 10 }),
      towns("near", colours, "town", { minzoom: 8.5 }),
      towns("near", colours, "large", { minzoom: 7 }),
      towns("near", colours, "city", { minzoom: NEAR }),
    ],
  };
}

type Zooms = { minzoom?: number; maxzoom?: number };

const is = (kind: string): ExpressionSpecification => ["==", ["get", "kind"], kind];

function shapes(source: string, colours: Colours, zooms: Zooms): LayerSpecification[] {
  const common = { source, ...zooms };
  return [
    {
      ...common,
      id: `${source}-land`,
      type: "fill",
      filter: is("land"),
      paint: { "fill-color": colours.land, "fill-antialias": true },
    },
    {
      ...common,
      id: `${source}-lake`,
      type: "fill",
      filter: is("lake"),
      paint: { "fill-color": colours.water },
    },
    {
      ...common,
      id: `${source}-river`,
      type: "line",
      filter: is("river"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": colours.water,
        "line-width": ["interpolate", ["linear"], ["zoom"], 5, 1, 10, 5],
      },
    },
    {
      ...common,
      id: `${source}-border`,
      type: "line",
      filter: is("border"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": colours.border,
        "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.8, 9, 2],
        "line-dasharray": [3, 2],
      },
    },
  ];
}

/** How far a town reaches, by its people: ten times the root of them in metres, as built-up land
 * has it roughly. It grows with the ground: a pixel is half as long from one zoom to the next. */
function built(colours: Colours, size: keyof typeof SIZES, minzoom: number): LayerSpecification {
  const reach = (zoom: number): ExpressionSpecification => [
    "*",
    ["^", 10, ["/", ["get", "size"], 20]],
    2 ** zoom * 2e-4,
  ];
  return {
    id: `built-${size}`,
    type: "circle",
    source: "near",
    minzoom,
    filter: ["all", is("town"), [">=", ["get", "size"], SIZES[size]]],
    paint: {
      "circle-color": colours.built,
      "circle-blur": 0.25,
      // From near a town is more than a disc: its name is left.
      "circle-opacity": ["interpolate", ["linear"], ["zoom"], 11, 1, 13, 0],
      "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 5, reach(5), 17, reach(17)],
    },
  };
}

function towns(
  source: string,
  colours: Colours,
  size: keyof typeof SIZES,
  zooms: Zooms,
): LayerSpecification {
  const sizes = Object.values(SIZES);
  const above = sizes[sizes.indexOf(SIZES[size]) - 1] ?? 1000;
  const isCity = size === "city";
  const people: ExpressionSpecification = ["get", "size"];
  return {
    id: `${source}-${size}`,
    source,
    ...zooms,
    type: "symbol",
    filter: ["all", is("town"), [">=", people, SIZES[size]], ["<", people, above]],
    layout: {
      "text-field": ["get", "name"],
      "text-font": isCity ? STRONG : FONT,
      "text-size": isCity ? ["interpolate", ["linear"], ["zoom"], 5, 11, 8, 13.5] : 11,
      "text-padding": size === "village" ? 10 : 5,
      "text-max-width": 8,
      "symbol-sort-key": ["-", 0, people],
      // Where a mark stands on the town, its name goes beside it.
      "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
      "text-radial-offset": 1.4,
    },
    paint: {
      "text-color": isCity ? colours.city : colours.label,
      "text-halo-color": colours.land,
      "text-halo-width": 1.6,
    },
  };
}
