/** Whose letters our words are written in on a map of the operator's own: a style that names where its
 * letters are has those alone. Plain, so that it is tested. */

import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

const EXPRESSIONS = ["step", "case", "match", "coalesce"];

const isFont = (font: unknown): font is string[] =>
  Array.isArray(font) && font.length > 0 && font.every((one) => typeof one === "string");

/** The font of the style's first words; null where the page's own is used. */
export function fontOf({ glyphs, layers }: StyleSpecification): string[] | null {
  if (!glyphs) return null;
  for (const layer of layers) {
    const said: unknown = layer.type === "symbol" ? layer.layout?.["text-font"] : undefined;
    const font: unknown = Array.isArray(said) && said[0] === "literal" ? said[1] : said;
    // Another expression chooses by what is drawn: nothing for words of ours.
    if (isFont(font) && !EXPRESSIONS.includes(font[0] as string)) return font;
  }
  return ["Open Sans Regular", "Arial Unicode MS Regular"]; // what a style without a word means
}

export function lettered(layer: LayerSpecification, font: string[] | null): LayerSpecification {
  if (!font || layer.type !== "symbol" || !layer.layout?.["text-field"]) return layer;
  return { ...layer, layout: { ...layer.layout, "text-font": font } };
}
