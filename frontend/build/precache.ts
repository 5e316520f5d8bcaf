import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Chunk {
  type: "chunk";
  name: string;
  fileName: string;
  isEntry: boolean;
  imports: string[];
  dynamicImports: string[];
  viteMetadata?: { importedCss: Set<string> };
}
interface Asset {
  type: "asset";
  fileName: string;
  source: string | Uint8Array;
}
type Bundle = Record<string, Chunk | Asset>;

/** Files of the style sheet that may come later: letters beyond Latin-1 have the system's font. */
const LATER = /-ext-/;

/** Everything that the entry needs to run without a network. */
export function needed(bundle: Bundle, entry: string): string[] {
  const found = new Set<string>();
  const follow = (fileName: string) => {
    const chunk = bundle[fileName];
    if (!chunk || chunk.type !== "chunk" || found.has(fileName)) return;
    found.add(fileName);
    for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(css);
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) follow(next);
  };
  for (const one of Object.values(bundle)) {
    if (one.type === "chunk" && one.isEntry && one.name === entry) follow(one.fileName);
  }
  for (const name of [...found]) {
    const sheet = bundle[name];
    if (sheet?.type !== "asset") continue;
    for (const [, file] of String(sheet.source).matchAll(/url\(["']?\.?\/?([^"')]+\.woff2)/g)) {
      const font = `assets/${file?.split("/").at(-1)}`;
      if (font in bundle && !LATER.test(font)) found.add(font);
    }
  }
  return [...found];
}

/** Writes precache.json: what a phone keeps of this build, each with the hash of its bytes, so that
 * the page of a captive portal can never be kept in its place. */
export function precache(entry: string): Plugin {
  return {
    name: "callout-precache",
    writeBundle(options, bundle) {
      const folder = options.dir ?? "";
      const sprite = Object.keys(bundle).filter((name) => /^assets\/icons-.*\.svg$/.test(name));
      const files = [...needed(bundle as unknown as Bundle, entry), ...sprite].sort();
      const list = files.map((url) => {
        const hash = createHash("sha256").update(readFileSync(join(folder, url)));
        return { url, revision: null, integrity: `sha256-${hash.digest("base64")}` };
      });
      writeFileSync(join(folder, "precache.json"), JSON.stringify(list, null, 1));
    },
  };
}
