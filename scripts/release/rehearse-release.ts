import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";

export interface Rehearsed {
  readonly name: string;
  readonly version: string;
  /** What its changelog would begin with: the part of this version. */
  readonly changes: string;
}

/**
 * What a release of the last commit would publish: versions raised and changelogs written by changesets, then every
 * package offered to the registry without being sent. All of it happens in `stage`, an empty folder; `root` is read only.
 */
export function rehearseRelease(root: string, stage: string): readonly Rehearsed[] {
  const clone = join(stage, "clone");
  run(stage, "git", ["clone", "--quiet", "--no-hardlinks", root, clone]);
  symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
  run(clone, join(root, "node_modules/.bin/changeset"), ["version"]);
  const { packageManager } = read(join(clone, "package.json"));
  const offered = run(clone, "npx", [
    "--yes",
    "--prefer-offline",
    packageManager ?? "pnpm",
    "-r",
    "publish",
    "--dry-run",
    "--no-git-checks",
  ]);
  return manifests(clone).flatMap(({ folder, name, version }) => {
    if (!offered.includes(`${name}@${version}`)) return [];
    const [, changes = ""] = readFileSync(join(folder, "CHANGELOG.md"), "utf8").split(/^## .*$/m);
    return [{ name, version, changes: changes.trim() }];
  });
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly packageManager?: string;
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
function run(cwd: string, program: string, args: readonly string[]): string {
  return execFileSync("sh", ["-c", 'exec "$0" "$@" 2>&1', program, ...args], { cwd, encoding: "utf8" });
}
