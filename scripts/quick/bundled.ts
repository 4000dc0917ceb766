import type { BuildOptions } from "rolldown";

/** How everything of ours is bundled. */
export const BUNDLED = {
  platform: "node",
  // A library that ships both forms is taken as an ES module; its UMD form hides what it requires.
  resolve: { conditionNames: ["@orchard/source", "import", "node", "default"], mainFields: ["module", "main"] },
  transform: { target: "node22.12" },
  // What is in one file is not split by an `import()` in it.
  checks: { ineffectiveDynamicImport: false },
  logLevel: "warn",
} satisfies BuildOptions;
