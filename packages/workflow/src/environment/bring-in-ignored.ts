import { constants } from "node:fs";
import { mkdir, open, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError, printableLine } from "@orchard/kernel";
import { findRepository, ignoredFilesNamed, ignoredIn, makeWorktreeStateFolder } from "@orchard/worktree-git";
import bytesText from "bytes";
import type { Worker } from "../orchard/worker.ts";
import { copyFiles } from "./copy-files.ts";
import { includeUnusable, noRoomForFiles } from "./errors.ts";
import { freeDisk } from "./free-disk.ts";

/** The file that names what is brought, relative to the main checkout. */
export const INCLUDE_FILE = ".worktreeinclude";

/** In bytes; a longer one is not read. */
export const LONGEST_INCLUDE = 1 << 20;
/** From so much on it is said that the disk copies byte by byte. */
const WORTH_SAYING = 100 * (1 << 20);
/** Orchard's own folders; what lies there is never anybody's to bring along. */
const OWN = [".orchestration/", ".worktrees/", ".git/"];

export interface BringIn {
  /** Lane id, or what the folder is for: names the log. */
  readonly subject: string;
  /** The worktree that gets the files. */
  readonly folder: string;
  readonly existing: "keep" | "replace";
}

/** Whether the main checkout has a `.worktreeinclude`. Throws `INCLUDE_UNUSABLE` when that is no plain file. */
export async function readInclude(mainRoot: string): Promise<string | undefined> {
  const path = join(mainRoot, INCLUDE_FILE);
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    if (isSystemError(error, "ELOOP", "EMLINK")) throw includeUnusable(path, "it is a symbolic link");
    throw includeUnusable(path, "it cannot be opened", error);
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw includeUnusable(path, "it is no file");
    if (stats.size > LONGEST_INCLUDE) throw includeUnusable(path, "it is longer than 1 MiB");
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

/**
 * Brings the ignored files that `.worktreeinclude` names into a worktree, copy-on-write where the disk can. Only what
 * git ignores and tracks neither here nor there: a file of the worktree's commit is never touched, nothing that is
 * brought can be committed by accident. What was left out is written to `include.log` among the logs. False when the
 * person interrupted. Throws `INCLUDE_UNUSABLE`, `NO_ROOM_FOR_FILES`.
 */
export async function bringInIgnored(worker: Worker, { subject, folder, existing }: BringIn): Promise<boolean> {
  const { orchard } = worker;
  const { place, ports } = orchard;
  const patterns = await readInclude(place.mainRoot);
  if (patterns === undefined) return true;
  const repository = await orchard.repository();
  const named = await ignoredFilesNamed(repository, patterns);
  const files = named.files.filter((path) => !OWN.some((own) => path.startsWith(own)));
  const welcome = await ignoredIn(repository, folder, files);
  const { config } = await orchard.config();
  const copied = await copyFiles({
    from: await realpath(place.mainRoot),
    to: await realpath(folder),
    files: welcome,
    staging: await stagingFor(folder),
    existing,
    signal: worker.interrupted,
    announce: async ({ bytes, cloned }) => {
      if (cloned) return;
      const free = await freeDisk(folder);
      if (free - bytes < config.limits.freeDisk) throw noRoomForFiles({ bytes, free, floor: config.limits.freeDisk });
      if (bytes > WORTH_SAYING) ports.report(slowDisk(subject, bytes));
    },
  });
  if (worker.interrupted.aborted) return false;
  const isWelcome = new Set(welcome);
  const leftOut = [
    ...named.leftOut.map(({ path, why }) => ({ path, why: REASONS[why] })),
    ...files.filter((path) => !isWelcome.has(path)).map((path) => ({ path, why: "there it is not ignored" })),
    ...copied.leftOut,
  ];
  await writeLog(join(place.orchestrationDir, "logs", subject), copied, leftOut);
  const { files: count, bytes, cloned } = copied;
  ports.report({ type: "files-brought", subject, files: count, bytes, cloned, leftOut: leftOut.length });
  return true;
}

const REASONS = {
  tracked: "it is tracked, so the worktree has it already",
  notIgnored: "git does not ignore it",
  repository: "it is a repository of its own",
  name: "its name is not UTF-8",
} as const;

async function stagingFor(folder: string): Promise<string> {
  const place = findRepository(folder);
  if (place === undefined) throw includeUnusable(folder, "it is no worktree");
  return makeWorktreeStateFolder(place);
}

function slowDisk(subject: string, bytes: number) {
  const text = `${subject}: ${INCLUDE_FILE} names ${bytesText(bytes)}, and this disk has no copy-on-write: every worktree copies them.`;
  const hint = `Let "setup" make big folders instead, from a cache of the package manager say`;
  return { type: "warning", text, hint } as const;
}

async function writeLog(
  folder: string,
  { files, bytes, cloned }: { readonly files: number; readonly bytes: number; readonly cloned: boolean },
  leftOut: readonly { readonly path: string; readonly why: string }[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = [
    `${files} ignored ${files === 1 ? "file" : "files"}, ${bytesText(bytes)}, ${cloned ? "shared with the main checkout until changed" : "copied"}`,
    ...leftOut.map(({ path, why }) => `left out ${printableLine(path, 500)}: ${printableLine(why, 500)}`),
  ];
  await writeFile(join(folder, "include.log"), `${lines.join("\n")}\n`, { mode: 0o600 });
}
