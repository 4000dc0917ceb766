import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

export interface GitRepo extends Disposable {
  /** Real path of the repository's main work tree. */
  readonly path: string;
  /** Runs git in the repository (or in `cwd`) and returns stdout without its last newline. */
  git(args: readonly string[], options?: { readonly cwd?: string; readonly input?: string | Uint8Array }): string;
  /** Writes files below the work tree; folders are made. */
  write(files: Readonly<Record<string, string>>, cwd?: string): void;
  read(file: string): string;
  /** Writes `files`, commits everything, returns the commit's id. */
  commit(message: string, files?: Readonly<Record<string, string>>, cwd?: string): string;
}

/** Environment under which git neither reads anybody's settings nor asks anybody anything. */
export const HERMETIC_GIT: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Ada Tester",
  GIT_AUTHOR_EMAIL: "ada@example.invalid",
  GIT_AUTHOR_DATE: "2026-01-02T03:04:05Z",
  GIT_COMMITTER_NAME: "Ada Tester",
  GIT_COMMITTER_EMAIL: "ada@example.invalid",
  GIT_COMMITTER_DATE: "2026-01-02T03:04:05Z",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

/** A real repository on branch `main` with one commit of `files`, removed when its scope ends. */
export function gitRepo(
  files: Readonly<Record<string, string>> = { "README.md": "hello\n" },
  { name = "orchard repo" }: { readonly name?: string } = {},
): GitRepo {
  const folder = temporaryFolder(name);
  const path = join(folder.path, "repo");
  mkdirSync(path);
  const git: GitRepo["git"] = (args, options = {}) =>
    execFileSync("git", ["-c", "gc.auto=0", ...args], {
      cwd: options.cwd ?? path,
      env: { ...withoutGit(process.env), ...HERMETIC_GIT },
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["pipe", "pipe", "pipe"],
      ...(options.input === undefined ? {} : { input: options.input }),
    }).replace(/\n$/, "");
  const write: GitRepo["write"] = (contents, cwd = path) => {
    for (const [file, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(cwd, file)), { recursive: true });
      writeFileSync(join(cwd, file), text);
    }
  };
  git(["init", "-q", "-b", "main"]);
  git(["config", "user.name", "Ada Tester"]);
  git(["config", "user.email", "ada@example.invalid"]);
  const repo: GitRepo = {
    path,
    git,
    write,
    read: (file) => readFileSync(join(path, file), "utf8"),
    commit: (message, contents = {}, cwd = path) => {
      write(contents, cwd);
      git(["add", "-A"], { cwd });
      git(["commit", "-q", "--allow-empty", "-m", message], { cwd });
      return git(["rev-parse", "HEAD"], { cwd });
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
  repo.commit("first", files);
  return repo;
}

function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith("GIT_")));
}
