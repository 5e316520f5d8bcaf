/** The tokens of tokens.css as colours that a canvas understands, in the theme of the moment. */

const ROUTES = 12;
const LIGHTER = 0.38;

export interface Colours {
  dark: boolean;
  land: string;
  built: string;
  water: string;
  border: string;
  label: string;
  city: string;
  surface: string;
  text: string;
  quiet: string;
  edge: string;
  focus: string;
  danger: string;
  onDanger: string;
  /** Discs, white figures over them in both themes. */
  routes: string[];
  /** Lines: lighter in the dark. */
  lines: string[];
  /** Of a status: its disc, and the glyph over it. */
  status: (name: string) => { fill: string; on: string };
}

function reader(): { of: (value: string) => string; end: () => void } {
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const of = (value: string) => {
    probe.style.color = "";
    probe.style.color = value;
    return style.color;
  };
  return { of, end: () => probe.remove() };
}

function lighter(colour: string): string {
  const parts = colour
    .match(/[\d.]+/g)
    ?.slice(0, 3)
    .map(Number) ?? [0, 0, 0];
  return `rgb(${parts.map((part) => Math.round(part + (255 - part) * LIGHTER)).join(", ")})`;
}

export function readColours(): Colours {
  const { of, end } = reader();
  const token = (name: string) => of(`var(--co-${name})`);
  const dark = of("light-dark(rgb(255, 255, 255), rgb(0, 0, 0))") === "rgb(0, 0, 0)";
  const routes = Array.from({ length: ROUTES }, (_, nth) => token(`route-${nth + 1}`));
  const kinds = ["new", "planned", "en-route", "on-site", "working", "break", "done", "cancelled"];
  const statuses = new Map(
    kinds.map((kind) => [kind, { fill: token(`st-${kind}`), on: token(`st-${kind}-on`) }]),
  );
  const other = { fill: token("text-3"), on: token("surface") };
  const colours: Colours = {
    dark,
    land: token("map-land"),
    built: token("map-built"),
    water: token("map-water"),
    border: token("map-border"),
    label: token("map-label"),
    city: token("map-city"),
    surface: token("surface"),
    text: token("text"),
    quiet: token("text-2"),
    edge: token("control"),
    focus: token("focus"),
    danger: token("danger"),
    onDanger: token("on-danger"),
    routes,
    lines: dark ? routes.map(lighter) : routes,
    status: (name) => statuses.get(name.replaceAll("_", "-")) ?? other,
  };
  end();
  return colours;
}

/** Calls `then` whenever light becomes dark or dark light. */
export function onTheme(then: () => void): () => void {
  const device = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(then);
  chosen.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  device.addEventListener("change", then);
  return () => {
    chosen.disconnect();
    device.removeEventListener("change", then);
  };
}
