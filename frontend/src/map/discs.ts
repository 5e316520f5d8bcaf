/** The marks of the map as pictures: a disc with its figure and the small disc of its status at the
 * corner, made when the map first asks for one. The name says all that is on it. */

import { STATUS_ICONS } from "../shared/statuses.ts";
import { ENDINGS } from "../planning/marks.ts";
import type { Colours } from "./colours.ts";
import type { Glyphs } from "./glyphs.ts";

const RATIO = 2;
const DISC = 26;
const CORNER = 16;
/** Room for the corner's disc, on every side: a mark stands on the middle of its disc. */
const SIDE = DISC + 16;
const FONT = '"Inter Variable", system-ui, sans-serif';

export const stopImage = (colour: number, nth: number, status: string, urgent: boolean) =>
  ["stop", colour, nth, status, urgent ? "urgent" : ""].join("|");
export const orderImage = (priority: string) => ["order", priority].join("|");
export const personImage = (colour: number, initials: string, status: string) =>
  ["person", colour, initials, status].join("|");

export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

type Pen = OffscreenCanvasRenderingContext2D;

export function picture(name: string, colours: Colours, glyphs: Glyphs): Picture {
  const size = SIDE * RATIO;
  const pen = new OffscreenCanvas(size, size).getContext("2d") as Pen;
  pen.scale(RATIO, RATIO);
  pen.translate(SIDE / 2, SIDE / 2);
  const [kind, ...parts] = name.split("|") as [string, ...string[]];
  if (kind === "stop") stop(pen, colours, glyphs, parts);
  else if (kind === "order") order(pen, colours, glyphs, parts);
  else if (kind === "crowd") crowd(pen, colours, glyphs, parts);
  else person(pen, colours, glyphs, parts);
  return { width: size, height: size, data: pen.getImageData(0, 0, size, size).data };
}

function stop(pen: Pen, colours: Colours, glyphs: Glyphs, parts: string[]): void {
  const [colour = "0", nth = "", status = "", urgent] = parts;
  disc(pen, 0, 0, DISC / 2, colours.routes[Number(colour)] ?? colours.quiet, "#ffffff", 2);
  words(pen, nth, "#ffffff", nth.length > 2 ? 10 : 12, 700);
  if (status && status !== "planned") corner(pen, colours, glyphs, status);
  if (urgent) flag(pen, colours, glyphs);
}

/** Nobody is on it: the ring is dashed and not filled. */
function order(pen: Pen, colours: Colours, glyphs: Glyphs, [priority]: string[]): void {
  const { fill } = colours.status("new");
  disc(pen, 0, 0, 11, colours.surface, fill, 2, [3.2, 2.6]);
  disc(pen, 0, 0, 3, fill, fill, 0);
  if (priority === "urgent") flag(pen, colours, glyphs);
  else if (priority === "high") high(pen, colours, glyphs);
}

function crowd(pen: Pen, colours: Colours, glyphs: Glyphs, [count = "", urgent]: string[]): void {
  pen.globalAlpha = 0.25;
  disc(pen, 0, 0, 19, colours.text, colours.text, 0);
  pen.globalAlpha = 1;
  disc(pen, 0, 0, 14, colours.text, colours.surface, 2);
  words(pen, count, colours.surface, count.length > 3 ? 10 : 12, 650);
  if (urgent) flag(pen, colours, glyphs);
}

/** Where somebody was last: their letters in a square with round corners, so that it is no stop. */
function person(pen: Pen, colours: Colours, glyphs: Glyphs, parts: string[]): void {
  const [colour = "0", initials = "", status = ""] = parts;
  const tone = colours.routes[Number(colour)] ?? colours.quiet;
  pen.beginPath();
  pen.roundRect(-12, -12, 24, 24, 7);
  paint(pen, colours.surface, colours.dark ? (colours.lines[Number(colour)] ?? tone) : tone, 2.5);
  words(pen, initials, colours.text, 10, 650);
  if (status) corner(pen, colours, glyphs, status);
}

function corner(pen: Pen, colours: Colours, glyphs: Glyphs, status: string): void {
  const { fill, on } = colours.status(status);
  const icon = STATUS_ICONS[status] ?? ENDINGS[status]?.icon ?? "point";
  badge(pen, glyphs, [11, -10], {
    fill,
    on,
    edge: colours.dark ? colours.surface : "#ffffff",
    icon,
  });
}

function flag(pen: Pen, colours: Colours, glyphs: Glyphs): void {
  const { danger: fill, onDanger: on, surface: edge } = colours;
  badge(pen, glyphs, [-11, -10], { fill, on, edge, icon: "chevrons-up" });
}

function high(pen: Pen, colours: Colours, glyphs: Glyphs): void {
  const { surface: fill, danger: on } = colours;
  badge(pen, glyphs, [-11, -10], { fill, on, edge: on, icon: "chevron-up" });
}

interface Badge {
  fill: string;
  on: string;
  edge: string;
  icon: string;
}

function badge(pen: Pen, glyphs: Glyphs, [x, y]: [number, number], how: Badge): void {
  disc(pen, x, y, CORNER / 2, how.fill, how.edge, 1.5);
  const glyph = glyphs.get(how.icon);
  if (!glyph) return;
  const size = 10;
  pen.save();
  pen.translate(x - size / 2, y - size / 2);
  pen.scale(size / 24, size / 24);
  pen.lineWidth = 2.6;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = how.on;
  pen.stroke(glyph);
  pen.restore();
}

function disc(
  pen: Pen,
  x: number,
  y: number,
  radius: number,
  fill: string,
  edge: string,
  width: number,
  dash: number[] = [],
): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  paint(pen, fill, edge, width, dash);
}

function paint(pen: Pen, fill: string, edge: string, width: number, dash: number[] = []): void {
  pen.fillStyle = fill;
  pen.fill();
  if (!width) return;
  pen.setLineDash(dash);
  pen.lineWidth = width;
  pen.strokeStyle = edge;
  pen.stroke();
  pen.setLineDash([]);
}

function words(pen: Pen, text: string, colour: string, size: number, weight: number): void {
  pen.font = `${weight} ${size}px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.fillStyle = colour;
  pen.fillText(text, 0, size * 0.36);
}
