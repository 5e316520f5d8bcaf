/** The icons of the page's sprite as paths, to be drawn on a canvas. */

import { iconAddress } from "../shared/dom.ts";

export type Glyphs = Map<string, Path2D>;

export async function readGlyphs(names: string[]): Promise<Glyphs> {
  const [address] = iconAddress("x").split("#");
  const glyphs: Glyphs = new Map();
  const answer = await fetch(address || location.href).catch(() => null);
  if (!answer?.ok) return glyphs; // discs without a glyph: their colour and the list say the rest
  const sprite = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  for (const name of names) {
    const path = new Path2D();
    for (const one of sprite.querySelectorAll(`#${CSS.escape(name)} path`)) {
      path.addPath(new Path2D(one.getAttribute("d") ?? ""));
    }
    glyphs.set(name, path);
  }
  return glyphs;
}
