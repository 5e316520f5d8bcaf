import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { filesUnder, read } from "./sources.ts";

// {% icon "bolt" %}, icon="bolt", icon: "bolt", "icon": "bolt", <Icon name="bolt": as it is written.
const NAMED = /(?:\bicon["']?\s*[ =:(]|<Icon name=)\s*["']([a-z0-9][a-z0-9-]*)["']/g;

export function namesIn(text: string): string[] {
  return [...text.matchAll(NAMED)].map((match) => match[1] as string);
}

/** Shapes only: stroke, width and fill come from the `svg.i` classes of the page. */
export function symbol(name: string, svg: string): string {
  const shapes = [...svg.matchAll(/<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*\/>/g)]
    .map((match) => match[0])
    .filter((shape) => !shape.includes('d="M0 0h24v24H0z"'))
    .join("");
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
}

/** Emits icons-<hash>.svg with the icons the project names, and icons.json for the server. */
export function icons(root: string, sources: string[]): Plugin {
  const shapes = join(root, "node_modules/@tabler/icons/icons/outline");
  return {
    name: "callout-icons",
    generateBundle() {
      const listed = JSON.parse(read(join(root, "icons.json"))) as Record<string, string[]>;
      const texts = sources
        .flatMap((folder) => filesUnder(folder, [".html", ".py", ".ts", ".svelte"]))
        .map((path) => read(path));
      const wanted = new Set([...Object.values(listed).flat(), ...texts.flatMap(namesIn)]);
      const known = [...wanted].filter((name) => existsSync(join(shapes, `${name}.svg`))).sort();
      for (const name of wanted) {
        if (!known.includes(name)) this.warn(`Tabler has no icon named "${name}"`);
      }
      const body = known.map((name) => symbol(name, read(join(shapes, `${name}.svg`)))).join("\n");
      const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${body}\n</svg>\n`;
      const hash = createHash("sha256").update(sprite).digest("hex").slice(0, 8);
      const fileName = `assets/icons-${hash}.svg`;
      this.emitFile({ type: "asset", fileName, source: sprite });
      this.emitFile({
        type: "asset",
        fileName: "icons.json",
        source: JSON.stringify({ sprite: fileName, names: known }),
      });
    },
  };
}
