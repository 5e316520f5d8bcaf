import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { basemap } from "./build/basemap.ts";
import { icons } from "./build/icons.ts";
import { precache } from "./build/precache.ts";
import { prune } from "./build/prune.ts";
import { tabler } from "./build/tabler.ts";

const root = import.meta.dirname;
const server = resolve(root, "../src/callout");

export default defineConfig({
  root,
  base: "./",
  publicDir: "public",
  plugins: [
    svelte(),
    basemap(root),
    tabler(root, resolve(server, "web/templates")),
    icons(root, [server, resolve(root, "src")]),
    prune(),
    precache("technician"),
  ],
  build: {
    // The first browsers that know light-dark(), :has(), popover and <dialog>.
    target: ["chrome125", "firefox125", "safari17.5"],
    outDir: resolve(server, "web/static/build"),
    emptyOutDir: false,
    manifest: "manifest.json",
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1300, // kB; the map's library is one piece, loaded where a map is
    rolldownOptions: {
      checks: { pluginTimings: false }, // the map's ground takes its time
      input: {
        office: "src/office/office.ts",
        kanban: "src/office/kanban.ts",
        map: "src/map/map.ts",
        planning: "src/planning/planning.ts",
        technician: "src/technician/technician.ts",
        "phone-page": "src/plain/phone-page.ts",
        signin: "src/plain/signin.ts",
        "live-worker": "src/shared/live-worker.ts",
      },
    },
  },
  // Svelte's part for browsers, not the one for servers: the tests mount components.
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  test: {
    environment: "happy-dom",
    alias: {
      "htmx.org": resolve(root, "tests/htmx.ts"),
      "virtual:basemap": resolve(root, "tests/basemap.ts"),
    },
    include: ["tests/**/*.test.ts"],
  },
});
