/** Map: where the day's visits are, the routes between them, and better ones. */

import "../styles/map.css";
import { mount } from "svelte";
import { enhance, scan } from "../shared/dom.ts";
import MapScreen from "./MapScreen.svelte";
import type { Settings } from "./settings.ts";

enhance("#co-map", (target) => {
  const settings = document.getElementById("map-settings")?.textContent ?? "{}";
  target.replaceChildren();
  mount(MapScreen, { target, props: { settings: JSON.parse(settings) as Settings } });
});
scan(document);
