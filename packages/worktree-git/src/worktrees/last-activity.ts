import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { type IsoTime, isoTime } from "@orchard/kernel";
import { onDisk } from "../checkout/blockers.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import { shownPath, splitNul } from "../git/paths.ts";
import type { Repository } from "../repository/repository.ts";
import { findWorktree, whyTampered } from "./find-worktree.ts";

/** At most this many changed and untracked files are looked at, in git's order. */
export const FILES_LOOKED_AT = 5_000;

/** The newest sign of life in a worktree. */
export interface Activity {
  /** `undefined` when there is no such worktree. */
  readonly at: IsoTime | undefined;
  /** What changed then: where HEAD stands, what is staged, or a file. */
  readonly sign: "head" | "index" | "file" | undefined;
  /** The file, from the worktree's root. */
  readonly path?: string;
}

/**
 * The newest sign of life in a worktree: HEAD and its reflog, the index, files that differ from the index, files that
 * are untracked and not ignored (at most 5,000 of them). Of a file that is gone its folder counts.
 * Writes nothing and takes no lock. Files of a worktree whose `.git` was tampered with are not looked at.
 */
export async function lastActivity(repo: Repository, path: string): Promise<Activity> {
  const place = await findWorktree(repo, path);
  if (place === undefined || (await statOf(place.root)) === undefined) return NONE;
  const { gitDir } = place;
  const now = repo.clock.now();
  const [log, head, index, file] = await Promise.all([
    touched(join(gitDir, "logs", "HEAD"), now),
    touched(join(gitDir, "HEAD"), now),
    touched(join(gitDir, "index"), now),
    newestFile(repo, place, now),
  ]);
  const signs: readonly Seen[] = [
    { at: Math.max(log, head), sign: "head" },
    { at: index, sign: "index" },
    ...(file === undefined ? [] : [file]),
  ];
  const newest = signs.reduce((best, each) => (each.at > best.at ? each : best));
  return newest.at === NEVER ? NONE : { ...newest, at: isoTime(newest.at) };
}

const NEVER = Number.NEGATIVE_INFINITY;
const NONE: Activity = { at: undefined, sign: undefined };

interface Seen {
  readonly at: number;
  readonly sign: "head" | "index" | "file";
  readonly path?: string;
}

async function newestFile(repo: Repository, place: WorktreePlace, now: number): Promise<Seen | undefined> {
  if ((await whyTampered(repo, place)) !== undefined) return undefined;
  const { stdout } = await repo.door.inWorktree(place, {
    command: "ls-files",
    options: ["-z", "--modified", "--deleted", "--others", "--exclude-standard"],
    limitMs: 300_000,
  });
  const names = new Map(splitNul(stdout).map((name) => [name.toString("latin1"), name]));
  const looked = [...names.values()].slice(0, FILES_LOOKED_AT);
  const seen = await Promise.all(
    looked.map(async (name): Promise<Seen> => {
      const at = await touched(onDisk(place.root, name), now);
      return {
        at: at === NEVER ? await folderTouched(place.root, name, now) : at,
        sign: "file",
        path: shownPath(name),
      };
    }),
  );
  return seen.length === 0 ? undefined : seen.reduce((best, each) => (each.at > best.at ? each : best));
}

/** The nearest folder that is still there: what took the file away changed it. */
async function folderTouched(root: string, name: Buffer, now: number): Promise<number> {
  for (let end = name.lastIndexOf(SLASH); end > 0; end = name.lastIndexOf(SLASH, end - 1)) {
    const at = await touched(onDisk(root, name.subarray(0, end)), now);
    if (at !== NEVER) return at;
  }
  return touched(root, now);
}

const SLASH = "/".charCodeAt(0);

/** When something was last written, in ms. A date that somebody set into the future says nothing: then when it was set. */
async function touched(path: string | Buffer, now: number): Promise<number> {
  const stat = await statOf(path);
  if (stat === undefined) return NEVER;
  return stat.mtimeMs > now + SKEW_MS ? Math.min(stat.ctimeMs, now) : stat.mtimeMs;
}

/** Clocks of a file system and of this process may differ by so much. */
const SKEW_MS = 2_000;

async function statOf(path: string | Buffer): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}
