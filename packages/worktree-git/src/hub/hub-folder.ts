import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import type { ObjectFormat } from "../object-id.ts";

export interface HubPlace {
  readonly stateDir: string;
  readonly commonDir: string;
  readonly objectFormat: ObjectFormat;
}

/**
 * The private git dir that computing runs in, made when it is not there: its own minimal settings, no refs, no
 * hooks; objects are read and written in the repository's object folder. Its settings and its copy of the user's
 * `shallow` file are brought to what they must be at every use.
 */
export async function prepareHub(place: HubPlace): Promise<string> {
  const hub = join(place.stateDir, "hub.git");
  if ((await readIfThere(join(hub, "HEAD"))) === undefined) await makeHub(place, hub);
  const planted = ["hooks", "info", "config.worktree", "commondir"].map((name) => join(hub, name));
  await Promise.all([
    setConfig(place, hub),
    copyShallow(place.commonDir, hub),
    ...planted.map((path) => rm(path, { recursive: true, force: true })),
  ]);
  return hub;
}

async function setConfig({ objectFormat }: HubPlace, hub: string): Promise<void> {
  const config = hubConfig(objectFormat);
  if ((await readIfThere(join(hub, "config")))?.toString() !== config) await replaceFile(join(hub, "config"), config);
}

async function makeHub({ stateDir, objectFormat }: HubPlace, hub: string): Promise<void> {
  const temporary = join(stateDir, `hub-${randomBytes(8).toString("hex")}.tmp`);
  await mkdir(join(temporary, "objects"), { recursive: true, mode: 0o700 });
  await mkdir(join(temporary, "refs"), { mode: 0o700 });
  await writeFile(join(temporary, "config"), hubConfig(objectFormat));
  await writeFile(join(temporary, "HEAD"), "ref: refs/heads/none\n");
  try {
    await rename(temporary, hub);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!isSystemError(error, "ENOTEMPTY", "EEXIST")) throw error; // another process made it first
  }
}

function hubConfig(format: ObjectFormat): string {
  const lines = [
    "[core]",
    `\trepositoryformatversion = ${format === "sha256" ? 1 : 0}`,
    "\tbare = false",
    "\tlogAllRefUpdates = false",
    "\tattributesFile = /dev/null",
    "\texcludesFile = /dev/null",
    "\tautocrlf = false",
    "\tmultiPackIndex = true",
    "\tcommitGraph = true",
    "[merge]",
    "\tconflictStyle = merge",
    "\trenames = true",
    "\trenameLimit = 7000",
    "\tdirectoryRenames = conflict",
    "\trenormalize = false",
    "[diff]",
    "\trenames = true",
    "\tsuppressBlankEmpty = false",
    ...(format === "sha256" ? ["[extensions]", "\tobjectFormat = sha256"] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** The repository's `shallow` file says where its history is cut off; the hub must believe the same. */
async function copyShallow(commonDir: string, hub: string): Promise<void> {
  const theirs = await readIfThere(join(commonDir, "shallow"));
  const ours = join(hub, "shallow");
  const had = await readIfThere(ours);
  if (theirs === undefined) {
    if (had !== undefined) await rm(ours, { force: true });
  } else if (had === undefined || !theirs.equals(had)) await replaceFile(ours, theirs);
}

/**
 * A folder with the `.gitattributes` files of a tree and nothing else: the work tree of a merge. One folder for
 * each set of contents, made in one step, so that merges with different bases run side by side.
 */
export async function attributesFolder(
  hub: string,
  files: readonly { readonly path: string; readonly content: Buffer }[],
): Promise<string> {
  const digest = createHash("sha256");
  for (const { path, content } of files) digest.update(`${path}\0${content.length}\0`).update(content);
  const folder = join(hub, "attributes", digest.digest("hex").slice(0, 32));
  if ((await stat(folder).catch(() => undefined)) !== undefined) return folder;
  if (files.length === 0) {
    // By name and not by rename: that would take an empty folder's place, and whoever works in it would stand nowhere.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
  const temporary = join(hub, "attributes", `${randomBytes(8).toString("hex")}.tmp`);
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  for (const { path, content } of files) {
    await mkdir(join(temporary, path, ".."), { recursive: true });
    await writeFile(join(temporary, path), content, { flag: "wx" });
  }
  try {
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!isSystemError(error, "ENOTEMPTY", "EEXIST")) throw error;
  }
  return folder;
}

async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  await writeFile(temporary, content, { flag: "wx", mode: 0o600 });
  await rename(temporary, path);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
