import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { findLaunchers } from "../../src/orchard/find-launchers.ts";

test("a program built in a clone uses the launchers of the clone, not what a package manager linked beside it", () => {
  using root = temporaryFolder();
  const clone = launcherIn(root.path, "clone/bin");
  launcherIn(root.path, "clone/apps/orch/node_modules/.bin");
  expect(findLaunchers(join(root.path, "clone/apps/orch/dist/orch.js"), undefined)).toBe(clone);
});

test("an installed program finds the launcher that was installed with it, wherever it was linked", () => {
  using root = temporaryFolder();
  const own = launcherIn(root.path, "lib/node_modules/@orchard/orch/node_modules/.bin");
  const hoisted = launcherIn(root.path, "project/node_modules/.bin");
  const global = launcherIn(root.path, "prefix/bin");
  expect(findLaunchers(join(root.path, "lib/node_modules/@orchard/orch/dist/orch.js"), undefined)).toBe(own);
  expect(findLaunchers(join(root.path, "project/node_modules/@orchard/orch/dist/orch.js"), undefined)).toBe(hoisted);
  const installed = join(root.path, "prefix/lib/node_modules/@orchard/orch/dist/orch.js");
  expect(findLaunchers(installed, join(global, "orch"))).toBe(global);
  expect(findLaunchers(installed, undefined)).toBeUndefined();
});

function launcherIn(root: string, folder: string): string {
  const path = join(root, folder, "orbit-agent");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
  return dirname(path);
}
