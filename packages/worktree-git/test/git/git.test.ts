import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { afterEach, expect, test } from "vitest";
import { gitEnvironment } from "../../src/git/environment.ts";
import { git } from "../../src/git/git.ts";
import { opened } from "../helpers/opened.ts";

const PATH = process.env["PATH"] ?? "";
afterEach(() => {
  process.env["PATH"] = PATH;
  for (const name of ["GIT_DIR", "GIT_INDEX_FILE", "GIT_CONFIG_PARAMETERS"]) delete process.env[name];
});

test("the caller's GIT_ variables, language, editor and pager do not reach git", () => {
  const base = {
    PATH: "/bin",
    GIT_DIR: "/evil",
    GIT_CONFIG_PARAMETERS: "'a=b'",
    EDITOR: "vi",
    LANG: "de_DE",
    HOME: "/h",
  };
  const env = gitEnvironment(base, { writes: false, durable: true });
  expect(env).toMatchObject({
    PATH: "/bin",
    HOME: "/h",
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
  });
  expect(env).not.toHaveProperty("GIT_DIR");
  expect(env).not.toHaveProperty("GIT_CONFIG_PARAMETERS");
  expect(env).not.toHaveProperty("EDITOR");
  expect(env).not.toHaveProperty("LANG");
});

test("only a writing call syncs, and it syncs everything", () => {
  const settings = (env: Record<string, string>) => Object.values(env).join(" ");
  expect(settings(gitEnvironment({}, { writes: true, durable: true }))).toContain(
    "core.fsync all core.fsyncMethod fsync",
  );
  expect(settings(gitEnvironment({}, { writes: true, durable: false }))).toContain("core.fsync none");
  expect(gitEnvironment({}, { writes: true, durable: true })).not.toHaveProperty("GIT_OPTIONAL_LOCKS");
});

test("works the same from inside a hook of another repository", async () => {
  using o = await opened();
  using other = await opened({ "x.txt": "x\n" });
  process.env["GIT_DIR"] = join(other.git.path, ".git");
  process.env["GIT_INDEX_FILE"] = join(other.git.path, ".git/index");
  expect(await o.repo.resolve(o.main)).toBe(o.base);
  expect((await o.repo.head()).commit).toBe(o.base);
});

test("a failed call says which, with what code and git's own sentence", async () => {
  using o = await opened();
  const call = git({ command: "cat-file", options: ["-p"], values: ["nothing"], cwd: o.git.path });
  await expect(call).rejects.toMatchObject({
    code: "GIT_FAILED",
    message: expect.stringContaining("Not a valid object name"),
  });
});

test("a call over its time limit is ended with its whole group, TERM first, then KILL", async () => {
  using folder = temporaryFolder();
  const script = join(folder.path, "git");
  writeFileSync(script, "#!/bin/sh\ntrap '' TERM\nsleep 300 & echo $! > \"$0.pid\"\nwait\nsleep 300\n");
  chmodSync(script, 0o755);
  process.env["PATH"] = folder.path + delimiter + PATH;
  const call = git({ command: "version", cwd: folder.path, limitMs: 200 });
  await expect(call).rejects.toMatchObject({ code: "GIT_TIMED_OUT" });
}, 30_000);

test("a machine without git is told so", async () => {
  using folder = temporaryFolder();
  process.env["PATH"] = folder.path;
  await expect(git({ command: "version", cwd: folder.path })).rejects.toMatchObject({ code: "GIT_MISSING" });
});

test("more input than a git that ends early reads is no fault of its own", async () => {
  using o = await opened();
  const call = {
    command: "update-ref",
    options: ["-z", "--stdin"],
    stdin: "x".repeat(1 << 20),
    cwd: o.git.path,
  } as const;
  expect((await git({ ...call, codes: [0, 1, 128] })).code).toBe(128);
});
