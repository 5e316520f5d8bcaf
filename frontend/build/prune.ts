import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Removes files of earlier builds after the new ones are written, so that a server that runs
 * beside a build never sees an empty folder. */
export function prune(): Plugin {
  return {
    name: "callout-prune",
    writeBundle(options, bundle) {
      const assets = join(options.dir ?? "", "assets");
      if (!existsSync(assets)) return;
      const kept = new Set(Object.keys(bundle));
      for (const name of readdirSync(assets)) {
        if (!kept.has(`assets/${name}`)) rmSync(join(assets, name));
      }
    },
  };
}
