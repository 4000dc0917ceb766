import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { livenessOf, type ProcessIdentity } from "@orchard/host";
import type { Place } from "../orchard/place.ts";

/** Nothing of ours takes so long between making such a file and giving it its name. */
const HOUR_MS = 3_600_000;

/** Who takes or breaks a lock writes it down beside it. */
const OF_A_LOCK = /\.lock(\.holder\.json)?\.(taker|break|[0-9a-f]{8,})[\w.-]*$/;

/** Temporary files of writers that were killed, by folder of ours and by how only we name them. */
const SHAPES: readonly {
  readonly below: "state" | "views" | "checkout";
  readonly folder: string;
  readonly name: RegExp;
}[] = [
  { below: "state", folder: "", name: /^(pin-\d+-[0-9a-z]+\.index(\.lock)?|[\w.-]+\.[0-9a-f]{16}\.tmp)$/ },
  ...["journal", "folds", "beside", "config", "adding", "advancing", "comparing"].map((folder) => ({
    below: "state" as const,
    folder,
    name: /^[\w.-]+\.tmp$/,
  })),
  { below: "state", folder: "locks", name: OF_A_LOCK },
  { below: "state", folder: "", name: OF_A_LOCK },
  { below: "views", folder: "", name: OF_A_LOCK },
  { below: "views", folder: "", name: /^tracker\.json\.[0-9a-f]{16}\.tmp$/ },
  { below: "checkout", folder: "docs/_generated", name: /^execution_plan\.(json|md)\.[0-9a-f]{16}\.tmp$/ },
  { below: "checkout", folder: "", name: /^orch\.config\.jsonc\.[0-9a-f]{16}\.tmp$/ },
];

/** Paths of files that a killed writer left and nobody reads, older than an hour. */
export async function strayFiles(place: Place): Promise<readonly string[]> {
  const found: string[] = [];
  const roots = { state: place.stateDir, views: place.orchestrationDir, checkout: place.mainRoot };
  for (const { below, folder, name } of SHAPES) {
    const where = join(roots[below], folder);
    for (const each of await readdir(where).catch(() => [])) {
      const path = join(where, each);
      if (name.test(each) && (await isLeft(path))) found.push(path);
    }
  }
  return found;
}

/** Removes them; what became young or went meanwhile is left alone. */
export async function removeStrayFiles(place: Place): Promise<readonly string[]> {
  const found = await strayFiles(place);
  for (const path of found) await rm(path, { force: true });
  return found;
}

async function isLeft(path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat?.isFile() !== true || Date.now() - stat.mtimeMs < HOUR_MS) return false;
  return !(await isOfLiving(path));
}

/** A lock's helpers say whose they are. */
async function isOfLiving(path: string): Promise<boolean> {
  if (!path.includes(".lock.")) return false;
  try {
    const said = JSON.parse(await readFile(path, "utf8")) as { identity?: ProcessIdentity } & Partial<ProcessIdentity>;
    const identity = said.identity ?? (said as ProcessIdentity);
    return typeof identity.pid === "number" && livenessOf(identity) !== "dead";
  } catch {
    return false;
  }
}
