import { resolve } from "node:path";
import { defineConfig } from "vite";
import { mutated } from "./mutants.ts";

const root = resolve(import.meta.dirname, "../..");

/** The phone's core and what drives it, as one file for node; MUTANT=name breaks it on purpose. */
export default defineConfig({
  root,
  publicDir: false,
  plugins: [mutated(process.env.MUTANT ?? "")],
  ssr: { noExternal: true },
  build: {
    ssr: "tests/host/phone-host.ts",
    outDir: process.env.HOST_FOLDER,
    emptyOutDir: false,
    minify: false,
    rollupOptions: { output: { entryFileNames: `${process.env.MUTANT || "true"}.mjs` } },
  },
});
