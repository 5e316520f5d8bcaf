/** Compiled away at build time; nothing of it needs `eval`, and no component brings styles of its own. */
export default {
  compilerOptions: { runes: true, css: "external" },
};
