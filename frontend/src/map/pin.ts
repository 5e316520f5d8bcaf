/** A pin to set where something is: it writes the form's latitude and longitude, and follows them.
 * By mouse or finger it is dragged, or put by a press on the map; with the arrow keys it goes by a
 * little, with Shift by more. */

import "../styles/pin.css";
import { Marker } from "maplibre-gl";
import { make } from "../shared/dom.ts";
import { text } from "../shared/texts.ts";
import { onTheme, readColours } from "./colours.ts";
import { type Camera, newMap } from "./library.ts";
import type { Place } from "./types.ts";

const DIGITS = 6;
const NEAR_ZOOM = 11;
const DROP =
  "M12 23.5s8-8.3 8-14A8 8 0 0 0 4 9.5c0 5.7 8 14 8 14zM12 6.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6z";
const FAR: Camera = { center: [9, 50], zoom: 3.5 };
const STEP = 6;
const STRIDE = 48;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What two fields say, if it is a place. */
export function placeIn(latitude: string, longitude: string): Place | null {
  const [lat, lng] = [latitude, longitude].map((words) =>
    words.trim() ? Number(words.trim().replace(",", ".")) : Number.NaN,
  ) as [number, number];
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? [lng, lat] : null;
}

/** Where an arrow key takes it, in pixels. */
export function strideOf(key: string, isFar: boolean): [number, number] | null {
  const way = ARROWS[key];
  const length = isFar ? STRIDE : STEP;
  return way ? [way[0] * length, way[1] * length] : null;
}

function drawing(): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", DROP);
  svg.append(path);
  return svg;
}

function box(element: HTMLElement, at: Place | null) {
  const picture = make("div", { class: "co-pin-map" });
  element.replaceChildren(picture);
  return newMap(
    picture,
    {
      label: element.dataset.label ?? text("pin.map"),
      zoomIn: text("pin.nearer"),
      zoomOut: text("pin.further"),
      missing: text("pin.own_missing"),
      camera: at ? { center: at, zoom: NEAR_ZOOM } : FAR,
      style: element.dataset.style,
    },
    readColours(),
  );
}

/** Where something is, on its page: nothing can be moved there. */
async function showPin(element: HTMLElement): Promise<void> {
  const at = placeIn(element.dataset.latitude ?? "", element.dataset.longitude ?? "");
  if (!at) return;
  const map = await box(element, at);
  map.scrollZoom.disable();
  const pin = make("div", { class: "co-pin co-pin-fixed" }, drawing());
  new Marker({ element: pin, anchor: "bottom" }).setLngLat(at).addTo(map);
  const off = onTheme(() => {
    off();
    map.remove();
    if (element.isConnected) void showPin(element);
  });
}

export async function startPin(element: HTMLElement): Promise<void> {
  const form = element.closest("form");
  const field = (name: string) => form?.querySelector<HTMLInputElement>(`[name="${name}"]`);
  const [latitude, longitude] = [field("latitude"), field("longitude")];
  if (!latitude || !longitude) return showPin(element);
  const read = () => placeIn(latitude.value, longitude.value);
  const write = ([lng, lat]: Place) => {
    for (const [input, value] of [
      [latitude, lat],
      [longitude, lng],
    ] as const) {
      input.value = value.toFixed(DIGITS);
      for (const type of ["input", "change"])
        input.dispatchEvent(new Event(type, { bubbles: true }));
    }
  };

  const at = read();
  const map = await box(element, at);
  map.scrollZoom.disable(); // a wheel over a form scrolls the form

  const pin = make(
    "button",
    { class: "co-pin", type: "button", "aria-label": text("pin.label") },
    drawing(),
  );
  const marker = new Marker({ element: pin, anchor: "bottom", draggable: true });
  const put = (place: Place) => {
    marker.setLngLat(place);
    if (!pin.isConnected) marker.addTo(map);
  };
  const moved = (place: Place) => {
    put(place);
    write(place);
  };
  // Without a position yet the pin waits in the middle, to be moved by keys as by hand.
  put(at ?? FAR.center);
  pin.classList.toggle("is-unset", at === null);

  marker.on("dragend", () => {
    const { lng, lat } = marker.getLngLat();
    moved([lng, lat]);
  });
  map.on("click", ({ lngLat }) => moved([lngLat.lng, lngLat.lat]));
  pin.addEventListener("keydown", (event) => {
    const stride = strideOf(event.key, event.shiftKey);
    if (!stride) return;
    event.preventDefault();
    event.stopPropagation(); // the map would move as well
    const from = map.project(marker.getLngLat());
    const { lng, lat } = map.unproject([from.x + stride[0], from.y + stride[1]]);
    moved([lng, lat]);
    if (!map.getBounds().contains([lng, lat])) map.easeTo({ center: [lng, lat] });
  });
  const follow = () => {
    const place = read();
    pin.classList.toggle("is-unset", place === null);
    if (!place) return;
    const now = marker.getLngLat();
    if (
      now.lng.toFixed(DIGITS) === place[0].toFixed(DIGITS) &&
      now.lat.toFixed(DIGITS) === place[1].toFixed(DIGITS)
    )
      return;
    put(place);
    map.jumpTo({ center: place, zoom: Math.max(map.getZoom(), NEAR_ZOOM) });
  };
  latitude.addEventListener("input", follow);
  longitude.addEventListener("input", follow);
  follow(); // what was typed while the map was on its way

  const off = onTheme(() => {
    if (!element.isConnected) return off();
    off();
    map.remove();
    void startPin(element);
  });
}
