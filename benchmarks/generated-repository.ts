import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A repository that looks like a grown project: `files` files of 0.5-6 KB, 20 a folder, three folders deep. */
export interface GeneratedRepository extends Disposable {
  readonly path: string;
  git(args: readonly string[], options?: { readonly input?: string; readonly cwd?: string }): string;
}

export function generateRepository(files: number): GeneratedRepository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "orchard bench-")));
  const path = join(folder, "repo");
  mkdirSync(path);
  const git: GeneratedRepository["git"] = (args, { input = "", cwd = path } = {}) =>
    execFileSync("git", ["-c", "gc.auto=0", ...args], {
      cwd,
      input,
      env: ENVIRONMENT,
      encoding: "utf8",
      maxBuffer: 1 << 29,
    }).trim();
  git(["init", "-q", "-b", "main"]);
  git(["config", "user.name", "Ada Tester"]);
  git(["config", "user.email", "ada@example.invalid"]);
  for (let index = 0; index < files; index += 1) {
    const file = join(path, filePath(index));
    if (index % 20 === 0) mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, content(index));
  }
  writeFileSync(join(path, ".gitattributes"), "*.bin binary\n");
  git(["add", "-A"]);
  git(["commit", "-q", "-m", "grown"]);
  git(["repack", "-q", "-a", "-d"]);
  return { path, git, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Path of the `index`th file. */
export function filePath(index: number): string {
  const folder = Math.floor(index / 20);
  return `packages/p${folder % 25}/src/module ${Math.floor(folder / 25)}/file-${index}.ts`;
}

const ENVIRONMENT = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nowhere",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  LC_ALL: "C",
};

/** The same bytes for the same index, without two files alike. */
function content(index: number): string {
  const lines: string[] = [];
  let seed = index * 2_654_435_761;
  for (let line = 0; line < 12 + ((index * 37) % 120); line += 1) {
    seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + line) >>> 0;
    lines.push(`export const value${line} = compute("${seed.toString(36)}", ${seed % 997});`);
  }
  return `${lines.join("\n")}\n`;
}
