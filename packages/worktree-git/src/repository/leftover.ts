import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { livenessOf, ownIdentity, type ProcessIdentity } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";

/** Something on disk that says what a process is in the middle of; removed by that process when it is done. */
export interface Begun {
  readonly token: string;
  readonly owner: ProcessIdentity;
}

/**
 * What the files in `folder` say was begun and that nobody is at any more: its process is dead, or is this one and no
 * longer lists it in `underWay`. Each file is looked for once more after that was seen: whoever came to the end since
 * we read it has removed it first.
 */
export async function readLeftOvers<Each extends Begun>(
  folder: string,
  underWay: ReadonlySet<string>,
): Promise<readonly Each[]> {
  const found: Each[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".json")) continue;
    const begun = await readBegun<Each>(join(folder, name));
    if (begun === undefined || !isLeftOver(begun, underWay)) continue;
    if ((await readBegun(join(folder, name))) !== undefined) found.push(begun);
  }
  return found;
}

async function readBegun<Each extends Begun>(file: string): Promise<Each | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Each;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

function isLeftOver({ token, owner }: Begun, underWay: ReadonlySet<string>): boolean {
  if (underWay.has(token)) return false;
  return isOurs(owner) || livenessOf(owner) === "dead";
}

function isOurs(owner: ProcessIdentity): boolean {
  const own = ownIdentity();
  const same: readonly (keyof ProcessIdentity)[] = ["host", "pidNamespace", "pid", "startTime", "bootId"];
  return same.every((key) => owner[key] === own[key]);
}
