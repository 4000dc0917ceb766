import { execFile } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Rehearsed {
  readonly name: string;
  readonly version: string;
  /** What its changelog would begin with: the part of this version. */
  readonly changes: string;
}

/**
 * What a release of the last commit would publish: versions raised and changelogs written by changesets, then every
 * package offered to the registry without being sent. All of it happens in `stage`, an empty folder; `root` is read only.
 * @param registry asked which versions are published already; the configured one unless given
 */
export async function rehearseRelease(root: string, stage: string, registry?: string): Promise<readonly Rehearsed[]> {
  const clone = join(stage, "clone");
  await run(stage, "git", ["clone", "--quiet", "--no-hardlinks", root, clone]);
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  await run(clone, join(root, "node_modules/.bin/changeset"), ["version"]);
  const pnpm = join(root, "node_modules/.bin/pnpm");
  const where = registry === undefined ? [] : ["--registry", registry];
  const offered = await run(clone, pnpm, ["-r", "publish", "--dry-run", "--no-git-checks", ...where]);
  return manifests(clone).flatMap(({ folder, name, version }) => {
    if (!offered.includes(`${name}@${version}`)) return [];
    const [, changes = ""] = readFileSync(join(folder, "CHANGELOG.md"), "utf8").split(/^## .*$/m);
    return [{ name, version, changes: changes.trim() }];
  });
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

function manifests(root: string): readonly (Manifest & { readonly folder: string })[] {
  const folders = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  );
  return folders.map((folder) => ({ folder, ...read(join(folder, "package.json")) }));
}

function read(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}

/** What it printed, on both streams. */
async function run(cwd: string, program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("sh", ["-c", 'exec "$0" "$@" 2>&1', program, ...args], { cwd });
  return stdout;
}
