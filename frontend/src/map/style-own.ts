/** What the operator set instead of the bundled ground: a style's address, or a PMTiles file, which
 * gets a style as quiet as ours (its layers by the Protomaps basemap's names). */

import { addProtocol, type LayerSpecification, type StyleSpecification } from "maplibre-gl";
import { PMTiles, Protocol } from "pmtiles";
import type { Colours } from "./colours.ts";
import { FONT } from "./style.ts";

let protocol: Protocol | undefined;

export function operatorStyle(address: string, colours: Colours): string | StyleSpecification {
  if (!protocol) {
    protocol = new Protocol();
    addProtocol("pmtiles", protocol.tile);
  }
  if (!new URL(address, location.href).pathname.endsWith(".pmtiles")) return address;
  const url = new URL(address, location.href).href;
  protocol.add(new PMTiles(url));
  return {
    version: 8,
    sources: { tiles: { type: "vector", url: `pmtiles://${url}` } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colours.water } },
      fill("earth", colours.land),
      fill("water", colours.water),
      line("roads", colours.dark ? "#303944" : "#ffffff", 1.6),
      line("boundaries", colours.border, 1.2),
      {
        id: "places",
        type: "symbol",
        source: "tiles",
        "source-layer": "places",
        layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 11 },
        paint: {
          "text-color": colours.label,
          "text-halo-color": colours.land,
          "text-halo-width": 1.6,
        },
      },
    ],
  };
}

function fill(layer: string, colour: string): LayerSpecification {
  return {
    id: layer,
    type: "fill",
    source: "tiles",
    "source-layer": layer,
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour },
  };
}

function line(layer: string, colour: string, width: number): LayerSpecification {
  return {
    id: layer,
    type: "line",
    source: "tiles",
    "source-layer": layer,
    paint: { "line-color": colour, "line-width": width },
  };
}
