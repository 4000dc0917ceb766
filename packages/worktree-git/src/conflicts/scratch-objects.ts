import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { HubCallPlace } from "../git/hub-call-place.ts";
import { type ObjectReader, openObjectReader } from "../git/object-reader.ts";
import type { Repository } from "../repository/repository.ts";
import { stateFolder } from "../repository/state-folders.ts";

/**
 * An object folder that is gone afterwards, over the repository's own: what is only computed to look at it leaves nothing
 * behind there, and no uncommitted byte enters the user's object database.
 */
export interface ScratchObjects extends AsyncDisposable {
  /** For files of ours that go with it: a copied index. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The hub, writing into this folder. */
  readonly place: HubCallPlace;
  readonly reader: ObjectReader;
}

export async function scratchObjects(repo: Repository): Promise<ScratchObjects> {
  const root = await stateFolder(repo, "comparing");
  await sweep(root, repo.clock.now());
  const folder = join(root, randomBytes(8).toString("hex"));
  const objects = join(folder, "objects");
  await mkdir(objects, { recursive: true, mode: 0o700 });
  const variables = {
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(repo.place.commonDir, "objects")),
  };
  const { cwd, variables: hub } = await repo.door.hubPlace();
  const place = { cwd, variables: { ...hub, ...variables } };
  const reader = openObjectReader(place);
  return {
    folder,
    variables,
    place,
    reader,
    [Symbol.asyncDispose]: async () => {
      reader[Symbol.dispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

const FORGOTTEN_MS = 24 * 60 * 60_000;

/** What a process that was killed left here; nobody compares for a day. */
async function sweep(root: string, now: number): Promise<void> {
  for (const name of await readdir(root)) {
    const path = join(root, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory() === true && now - found.mtimeMs > FORGOTTEN_MS)
      await rm(path, { recursive: true, force: true });
  }
}

/** Variables of a call that writes into `folder`, and reads what `objects` has too. */
export function writingInto(folder: string, { variables }: ScratchObjects): Readonly<Record<string, string>> {
  const { GIT_OBJECT_DIRECTORY = "", GIT_ALTERNATE_OBJECT_DIRECTORIES = "" } = variables;
  const both = `${quoted(GIT_OBJECT_DIRECTORY)}:${GIT_ALTERNATE_OBJECT_DIRECTORIES}`;
  return { ...variables, GIT_OBJECT_DIRECTORY: folder, GIT_ALTERNATE_OBJECT_DIRECTORIES: both };
}

/** As git reads a list of paths that is separated by colons: in quotes a colon is part of the path. */
function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, "\\$&")}"`;
}
