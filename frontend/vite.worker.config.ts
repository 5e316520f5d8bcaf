import { resolve } from "node:path";
import { defineConfig } from "vite";

const root = import.meta.dirname;

/** The technician's service worker: one classic file with a name of its own. Django puts the list
 * of what a phone keeps in front of it (`web/technician/shell.py`). */
export default defineConfig({
  root,
  publicDir: false,
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    target: ["chrome125", "firefox125", "safari17.5"],
    outDir: resolve(root, "../src/callout/web/static/build"),
    emptyOutDir: false,
    lib: {
      entry: "src/technician/sw.ts",
      formats: ["iife"],
      name: "calloutWorker",
      fileName: () => "technician-sw.js",
    },
  },
});
