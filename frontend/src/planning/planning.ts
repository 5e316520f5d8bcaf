/** Planning: technicians as rows, time across, and the pile of what is still to be planned. */

import "../styles/planning.css";
import { mount } from "svelte";
import { enhance, scan } from "../shared/dom.ts";
import Planning from "./Planning.svelte";
import type { Settings } from "./settings.ts";

enhance("[data-planning]", (target) => {
  const settings = document.getElementById("planning-settings")?.textContent ?? "{}";
  target.replaceChildren();
  mount(Planning, { target, props: { settings: JSON.parse(settings) as Settings } });
});
scan(document);
