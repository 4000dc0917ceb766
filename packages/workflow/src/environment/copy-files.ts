import { constants } from "node:fs";
import { copyFile, lstat, mkdir, mkdtemp, readlink, realpath, rename, rm, symlink, utimes } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { isSystemError } from "@orchard/kernel";

export interface CopyRequest {
  /** Both are real paths of existing folders. */
  readonly from: string;
  readonly to: string;
  /** Relative to both, with forward slashes; files and links, no folders. */
  readonly files: readonly string[];
  /** A folder on the disk of `to`, where files are made before they are moved into place. */
  readonly staging: string;
  /** A file that stands there already and differs: left alone, or taken for ours and replaced. */
  readonly existing: "keep" | "replace";
  readonly signal: AbortSignal;
  /** Told before the first byte is written; may throw. `cloned`: the disk shares the bytes, they cost nothing. */
  readonly announce: (size: { readonly bytes: number; readonly cloned: boolean }) => Promise<void>;
}

export interface Copied {
  readonly files: number;
  readonly bytes: number;
  readonly cloned: boolean;
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

const AT_ONCE = 8;

/**
 * Copies files and links, copy-on-write where the disk can. Each appears whole or not at all, so that after a crash
 * the same call goes on. Writes through no link: a file whose way is not made of real folders is left out, and so is a
 * link that leads out of `from`. Nothing that is no file, folder or link is copied.
 */
export async function copyFiles(request: CopyRequest): Promise<Copied> {
  const leftOut: { path: string; why: string }[] = [];
  const wanted = await lookAt(request, leftOut);
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  const staging = await mkdtemp(join(request.staging, "incoming-"));
  try {
    const cloned = await canClone(wanted, request.from, staging);
    if (wanted.length > 0) await request.announce({ bytes, cloned });
    const folders = new Map<string, Promise<boolean>>();
    let [next, files] = [0, 0];
    const worker = async () => {
      for (let at = next++; at < wanted.length && !request.signal.aborted; at = next++) {
        const one = wanted[at] as Wanted;
        const why = await bringIn(request, one, { staged: join(staging, String(at)), folders });
        if (why === undefined) files += 1;
        else leftOut.push({ path: one.path, why });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return { files, bytes, cloned, leftOut };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

interface Wanted {
  readonly path: string;
  readonly size: number;
  readonly mtime: Date;
  /** Of a link. */
  readonly target?: string;
}

async function lookAt({ from, files }: CopyRequest, leftOut: { path: string; why: string }[]): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for (const path of files) {
    const stats = await lstat(join(from, path)).catch(() => undefined);
    if (stats === undefined) continue;
    if (stats.isFile()) wanted.push({ path, size: stats.size, mtime: stats.mtime });
    else if (!stats.isSymbolicLink()) leftOut.push({ path, why: "it is no file" });
    else {
      const target = await readlink(join(from, path));
      if (await leadsOut(from, path, target)) leftOut.push({ path, why: `it is a link to ${target}` });
      else wanted.push({ path, size: 0, mtime: stats.mtime, target });
    }
  }
  return wanted;
}

/** Also an absolute link into `from` leads out: from the copy it would lead back to the original. */
async function leadsOut(from: string, path: string, target: string): Promise<boolean> {
  const named = normalize(join(dirname(path), target));
  if (isAbsolute(target) || named === ".." || named.startsWith(`..${sep}`)) return true;
  try {
    const real = await realpath(join(from, path));
    return real !== from && !real.startsWith(from + sep);
  } catch {
    return false; // it leads nowhere, and inside
  }
}

async function canClone(wanted: readonly Wanted[], from: string, staging: string): Promise<boolean> {
  const sample = wanted.find(({ target, size }) => target === undefined && size > 0);
  if (sample === undefined) return false;
  try {
    await copyFile(join(from, sample.path), join(staging, "sample"), constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  }
}

/** Why it was not brought in; `undefined` when it is there. */
async function bringIn(
  { from, to, existing }: CopyRequest,
  { path, target, size, mtime }: Wanted,
  { staged, folders }: { readonly staged: string; readonly folders: Map<string, Promise<boolean>> },
): Promise<string | undefined> {
  const place = join(to, path);
  if (!(await isRealFolder(to, dirname(path), folders))) return "something else is in the way there";
  const there = await lstat(place).catch(() => undefined);
  if (there?.isDirectory() === true) return "a folder of that name is there";
  if (there !== undefined && existing === "keep") return undefined;
  if (there?.isFile() === true && there.size === size && there.mtimeMs === mtime.getTime()) return undefined;
  try {
    if (target === undefined) {
      await copyFile(join(from, path), staged, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      await utimes(staged, mtime, mtime);
    } else await symlink(target, staged);
    await rename(staged, place);
    return undefined;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return "it went away meanwhile";
    if (isSystemError(error, "EACCES", "EPERM")) return "it may not be read";
    throw error;
  }
}

/** Makes the folder; false when something that is no real folder stands in its way. */
function isRealFolder(root: string, folder: string, known: Map<string, Promise<boolean>>): Promise<boolean> {
  if (folder === ".") return Promise.resolve(true);
  const before = known.get(folder);
  if (before !== undefined) return before;
  const answer = (async () => {
    if (!(await isRealFolder(root, dirname(folder), known))) return false;
    await mkdir(join(root, folder)).catch((error: unknown) => {
      if (!isSystemError(error, "EEXIST")) throw error;
    });
    return (await lstat(join(root, folder))).isDirectory();
  })();
  known.set(folder, answer);
  return answer;
}
