import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The program that every agent must find on its PATH. */
const LAUNCHER = "orbit-agent";

/**
 * The folder with the launchers that belong to a program of ours: that of the clone it was built in, or where a package
 * manager put them. `undefined` when there is none.
 *
 * @param program file of the bundle, links resolved
 * @param invoked path under which it was started, links not resolved: an installed launcher lies beside its siblings
 */
export function findLaunchers(program: string, invoked: string | undefined): string | undefined {
  const above = ancestors(dirname(program));
  const clone = above.slice(0, DEPTH_IN_CLONE + 1).at(-1);
  const folders = [
    ...(clone === undefined ? [] : [join(clone, "bin")]),
    ...above.map((folder) => join(folder, "node_modules", ".bin")),
    ...(invoked === undefined ? [] : [dirname(invoked)]),
  ];
  return folders.find((folder) => existsSync(join(folder, LAUNCHER)));
}

/** `<clone>/apps/orch/dist` */
const DEPTH_IN_CLONE = 3;

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
