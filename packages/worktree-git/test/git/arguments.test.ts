import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { gitArguments } from "../../src/git/arguments.ts";
import { git } from "../../src/git/git.ts";
import { SUBCOMMANDS, type Subcommand } from "../../src/git/subcommands.ts";
import { opened } from "../helpers/opened.ts";

const commands = Object.keys(SUBCOMMANDS) as Subcommand[];
const taking = (values: string) => commands.filter((command) => SUBCOMMANDS[command].values === values);

/** What a call needs besides its values, so that git gets as far as reading them. */
const NEEDED: Partial<Record<Subcommand, readonly string[]>> = {
  "cat-file": ["-t"],
  "commit-tree": ["-m", "x"],
  config: ["--get"],
  "diff-index": ["--cached"],
  "merge-tree": ["--write-tree"],
  "pack-objects": ["--revs"],
  "read-tree": ["-m"],
  "rev-parse": ["--verify"],
};

test.each(taking("end-of-options"))("git %s reads a value that looks like an option as data", async (command) => {
  using o = await opened();
  mkdirSync(join(o.git.path, "sub"));
  const marker = join(o.git.path, "written");
  const value = `--output=${marker}`;
  const two = ["merge-tree", "merge-base", "update-ref"].includes(command) ? [value, value] : [value];
  const call = { command, options: NEEDED[command] ?? [], values: two, cwd: join(o.git.path, "sub"), stdin: "" };
  const answer = await git({ ...call, codes: [0, 1, 2, 128, 129], variables: { GIT_DIR: o.repo.place.commonDir } });
  expect(answer.stderr).not.toMatch(/unknown option|unrecognized|usage:/i);
  expect(existsSync(marker)).toBe(false);
});

test("rev-parse takes values only behind --verify", async () => {
  using o = await opened();
  expect(() => gitArguments({ command: "rev-parse", values: ["HEAD"] })).toThrow("need --verify");
  const call = { command: "rev-parse", options: ["--verify", "--quiet"], values: ["--show-toplevel"] } as const;
  const answer = await git({ ...call, cwd: o.git.path, codes: [0, 1, 128] });
  expect(answer.stdout.toString()).toBe("");
});

test.each(taking("none"))("git %s takes no values at all", (command) => {
  expect(() => gitArguments({ command, values: ["refs/heads/main"] })).toThrow("takes no values");
});

test.each(taking("checked"))(
  "git %s, which refuses --end-of-options, takes only full refs and object ids",
  (command) => {
    expect(() => gitArguments({ command, values: ["--all"] })).toThrow("unchecked");
    expect(() => gitArguments({ command, values: ["main"] })).toThrow("unchecked");
    expect(gitArguments({ command, values: ["refs/heads/main"] })).toContain("refs/heads/main");
  },
);

test("a value with a NUL byte reaches no git", () => {
  expect(() => gitArguments({ command: "merge-base", values: ["a\0b"] })).toThrow("NUL");
});

test("control: without end-of-options git takes the same value as an option and writes the file", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  const marker = join(folder.path, "written");
  o.git.git(["log", "-p", `--output=${marker}`]);
  expect(o.git.git(["hash-object", marker])).toMatch(/^[0-9a-f]{40}$/);
});
