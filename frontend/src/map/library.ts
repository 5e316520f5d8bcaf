/** The map library, with our ground under it and our words on it. Loaded only where a map is shown:
 * it weighs more than the whole office. */

import "../styles/maplibre.css";
import { AttributionControl, Map as MapLibre, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { showToast } from "../shared/toasts.ts";
import type { Colours } from "./colours.ts";
import { layGround } from "./ground.ts";
import { groundStyle } from "./style.ts";
import { operatorStyle } from "./style-own.ts";
import type { Place } from "./types.ts";

// A file of ours: the policy allows no worker made of text.
setWorkerUrl(workerUrl);

const MOST_ZOOM = 17;
const PATIENCE_MS = 8000;

export interface Camera {
  center: Place;
  zoom: number;
}

export interface How {
  /** What the map is called to whoever does not see it. */
  label: string;
  zoomIn: string;
  zoomOut: string;
  /** What is said where the operator's own map does not come. */
  missing: string;
  camera: Camera;
  /** A style of the operator's own instead of the bundled ground. */
  style?: string;
}

export async function newMap(element: HTMLElement, how: How, colours: Colours): Promise<MapLibre> {
  await document.fonts.load('500 12px "Inter Variable"').catch(() => []);
  const map = new MapLibre({
    container: element,
    style: how.style ? operatorStyle(how.style, colours) : groundStyle(colours),
    center: how.camera.center,
    zoom: how.camera.zoom,
    minZoom: 1,
    maxZoom: MOST_ZOOM,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: false,
    fadeDuration: 0,
    locale: {
      "Map.Title": how.label,
      "NavigationControl.ZoomIn": how.zoomIn,
      "NavigationControl.ZoomOut": how.zoomOut,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new AttributionControl({ compact: false }), "bottom-right");
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  const isOurs = !how.style || !(await comes(map));
  if (how.style && isOurs) {
    showToast({ text: how.missing, tone: "error" });
    map.setStyle(groundStyle(colours), { diff: false });
  }
  if (isOurs) {
    await new Promise<void>((done) => map.once(how.style ? "style.load" : "load", () => done()));
    layGround(map);
  }
  return map;
}

/** Whether the operator's own style is there. Its tiles may come later, or never: the day is drawn
 * all the same. */
function comes(map: MapLibre): Promise<boolean> {
  return new Promise((done) => {
    map.once("style.load", () => done(true));
    map.once("error", () => done(false));
    setTimeout(() => done(false), PATIENCE_MS);
  });
}
