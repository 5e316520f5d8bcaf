import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PurgeCSS } from "purgecss";
import type { Plugin } from "vite";
import { filesUnder, read } from "./sources.ts";

// "Whatever follows a legend" makes the browser look at all of a parent's descendants whenever one
// more child is put in: on the Planning that was half of what a scroll cost. Our legends are as wide
// as their fieldset: what follows stands below them anyway.
const AFTER_LEGEND = /legend \+ \* \{[^}]*\}/;

/** Writes .vite/tabler.css: of Tabler's 635 kB only what a template or a form widget names. */
export function tabler(root: string, templates: string): Plugin {
  const source = join(root, "node_modules/@tabler/core/dist/css/tabler.css");
  const target = join(root, ".vite/tabler.css");
  return {
    name: "callout-tabler",
    async buildStart() {
      const content = filesUnder(templates, [".html"]).map((path) => ({
        raw: read(path),
        extension: "html",
      }));
      const [result] = await new PurgeCSS().purge({
        content,
        css: [{ raw: read(source) }],
        // Words of templates that happen to be Tabler classes cost little; a class that a
        // template builds from a value would be lost, so those are named here.
        safelist: { standard: ["form-control", "form-select", "form-check-input"] },
        // "The last of whatever has no step in it": the same trouble, from the word "steps".
        blocklist: ["steps"],
        defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
        variables: true,
        keyframes: true,
        fontFace: true,
      });
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, (result?.css ?? "").replace(AFTER_LEGEND, ""));
    },
  };
}
