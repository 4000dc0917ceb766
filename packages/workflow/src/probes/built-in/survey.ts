import { isUtf8 } from "node:buffer";
import {
  type Blobs,
  type CommittedFile,
  committedFiles,
  foreignFiles,
  isPlainFile,
  type Oid,
  openBlobs,
  type Repository,
} from "@orchard/worktree-git";
import { GENERATED } from "../probe-files.ts";
import { whyNotAPath } from "../safe-path.ts";
import { isVendored } from "./vendored.ts";

/** A committed file of the project. */
export interface SurveyedFile {
  readonly path: string;
  readonly size: number;
  readonly oid: Oid;
  /** Written by the project itself: not vendored, not built, not marked as either. */
  readonly own: boolean;
}

/** The committed tree that a probe looks at; what lies in a checkout beside it is never seen. */
export interface Survey extends Disposable {
  /** By path. Results of probes and lanes are not among them. */
  readonly files: readonly SurveyedFile[];
  /** Every path of the commit, links and sub-modules too. */
  has(path: string): boolean;
  hasFolder(path: string): boolean;
  /** The text of a file; `undefined` where it is not text, is not there or is larger than a person writes. */
  text(path: string): Promise<string | undefined>;
}

/** Larger texts are data or were made by a program. */
const LARGEST_TEXT = 1 << 20;

export async function openSurvey(repository: Repository, commit: Oid, worktree: string): Promise<Survey> {
  const all = await committedFiles(repository, commit);
  const foreign = await foreignFiles(
    repository,
    worktree,
    all.map(({ path }) => path),
  );
  const files = all.filter((file) => isPlainFile(file) && isOfProject(file.path)).map(surveyed(foreign));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const paths = new Set(all.map(({ path }) => path));
  const folders = foldersOf(paths);
  const blobs = await openBlobs(repository);
  return {
    files,
    has: (path) => paths.has(path),
    hasFolder: (path) => path === "" || folders.has(path),
    text: (path) => textOf(blobs, byPath.get(path)),
    [Symbol.dispose]: () => blobs[Symbol.dispose](),
  };
}

function isOfProject(path: string): boolean {
  return !path.startsWith(`${GENERATED}/`) && whyNotAPath(path) === undefined;
}

function surveyed(foreign: ReadonlySet<string>): (file: CommittedFile) => SurveyedFile {
  return ({ path, size, oid }) => ({ path, size, oid, own: !foreign.has(path) && !isVendored(path) });
}

function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

async function textOf(blobs: Blobs, file: SurveyedFile | undefined): Promise<string | undefined> {
  if (file === undefined || file.size > LARGEST_TEXT) return undefined;
  const bytes = await blobs.read(file.oid);
  if (bytes === undefined || bytes.subarray(0, 8_000).includes(0) || !isUtf8(bytes)) return undefined;
  return bytes.toString("utf8").replace(/^\ufeff/, "");
}

/** How many are read between two words about it. */
const TOLD_EVERY = 2_000;
/** Asked for at once, so that git and we work at the same time. */
const AT_ONCE = 64;

/** The texts of `files` in their order, read a few ahead; what is no text is left out. */
export async function* readEach(
  survey: Survey,
  files: readonly SurveyedFile[],
  progress: (line: string) => void,
): AsyncGenerator<{ readonly file: SurveyedFile; readonly text: string }> {
  for (let from = 0; from < files.length; from += AT_ONCE) {
    const some = files.slice(from, from + AT_ONCE);
    const texts = await Promise.all(some.map(({ path }) => survey.text(path)));
    for (const [index, file] of some.entries()) {
      const text = texts[index];
      if (text !== undefined) yield { file, text };
    }
    const read = from + some.length;
    if (Math.floor(read / TOLD_EVERY) > Math.floor(from / TOLD_EVERY))
      progress(`${read} of ${files.length} files read`);
  }
}
