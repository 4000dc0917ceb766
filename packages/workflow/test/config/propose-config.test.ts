import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gitRepo, temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { findPlace, proposeConfig, readConfig, writeConfig } from "../../src/index.ts";

test.each<[string, Record<string, string>, string | undefined]>([
  ["a Node project with tests", { "package.json": '{"scripts": {"test": "vitest run"}}' }, "npm test"],
  ["npm's placeholder is no test", { "package.json": '{"scripts": {"test": "echo no test specified"}}' }, undefined],
  ["a package.json without scripts", { "package.json": "{}" }, undefined],
  ["a package.json that is no JSON", { "package.json": "{" }, undefined],
  ["a package.json that is null", { "package.json": "null" }, undefined],
  ["Rust", { "Cargo.toml": "" }, "cargo test"],
  ["Go", { "go.mod": "" }, "go test ./..."],
  ["Python", { "pyproject.toml": "" }, "python3 -m pytest -q"],
  ["a Makefile with a test", { Makefile: "all:\n\ntest: all\n\t./run\n" }, "make test"],
  ["a Makefile without one", { Makefile: "all:\n" }, undefined],
  ["nothing that is known", {}, undefined],
])("the way to check the work is found: %s", async (_name, files, expected) => {
  using repo = gitRepo(files);
  const place = findPlace(repo.path);
  const proposal = await proposeConfig(place);
  expect(proposal?.text.match(/"verify": \["(.*)"\]/)?.[1]).toBe(expected);
  if (proposal === undefined) return;
  expect(await writeConfig(place, proposal)).toBe("orch.config.jsonc");
  expect(await writeConfig(place, { text: "written over" })).toBeUndefined();
  expect((await readConfig(place)).notAccepted).toMatchObject([{ key: "verify", found: [expected] }]);
});

test("a manifest that is a link to a device or a pipe tells nothing, and is not read", async () => {
  using repo = gitRepo({ "README.md": "" });
  execFileSync("mkfifo", [join(repo.path, "pipe")]);
  symlinkSync("/dev/zero", join(repo.path, "package.json"));
  symlinkSync("pipe", join(repo.path, "Makefile"));
  expect(await proposeConfig(findPlace(repo.path))).toBeUndefined();
});

const NEEDS = '{"scripts": {"test": "vitest run"}, "devDependencies": {"vitest": "5"}}';

test.each<[string, Record<string, string>, string | undefined, string]>([
  ["npm", { "package.json": NEEDS, "package-lock.json": "{}" }, "npm ci", "npm test"],
  ["pnpm", { "package.json": NEEDS, "pnpm-lock.yaml": "" }, "pnpm install --frozen-lockfile", "pnpm test"],
  ["yarn", { "package.json": NEEDS, "yarn.lock": "" }, "yarn install --frozen-lockfile", "yarn test"],
  ["bun", { "package.json": NEEDS, "bun.lock": "" }, "bun install --frozen-lockfile", "bun run test"],
  ["no lock file: an install would write one", { "package.json": NEEDS }, undefined, "npm test"],
  [
    "nothing to install",
    { "package.json": '{"scripts": {"test": "node t.js"}}', "yarn.lock": "" },
    undefined,
    "yarn test",
  ],
  ["uv", { "pyproject.toml": "", "uv.lock": "" }, "uv sync --frozen", "uv run pytest -q"],
])("how a checkout is made ready is found: %s", async (_name, files, setup, verify) => {
  using repo = gitRepo(files);
  const place = findPlace(repo.path);
  const proposal = await proposeConfig(place);
  if (proposal === undefined) throw new Error("nothing was proposed");
  await writeConfig(place, proposal);
  const found = Object.fromEntries((await readConfig(place)).notAccepted.map((one) => [one.key, one.found]));
  expect(found).toEqual({ ...(setup === undefined ? {} : { setup }), verify: [verify] });
});

test("the branch that is checked out, or the one that was asked for, is proposed as base", async () => {
  using repo = gitRepo({ "Cargo.toml": "" });
  repo.git(["switch", "-q", "-c", "feature/one"]);
  const place = findPlace(repo.path);
  expect((await proposeConfig(place))?.text).toContain('"base": "feature/one"');
  expect((await proposeConfig(place, { base: "main" }))?.text).toContain('"base": "main"');
});

test("the agent that is installed is proposed; of several the others are named; where there is none, none is", async () => {
  using repo = gitRepo({ "Cargo.toml": "" });
  using programs = temporaryFolder();
  const place = findPlace(repo.path);
  const proposed = async () => (await proposeConfig(place, { path: programs.path }))?.text;
  expect(await proposed()).not.toContain('agent"');
  writeFileSync(join(programs.path, "codex"), "", { mode: 0o755 });
  expect(await proposed()).toContain('(the only one installed here).\n  "agent": "codex"');
  writeFileSync(join(programs.path, "claude"), "", { mode: 0o755 });
  expect(await proposed()).toContain('(installed here as well: codex).\n  "agent": "claude"');
});

test("where a configuration stands, none is proposed", async () => {
  using repo = gitRepo({ "Cargo.toml": "", "orch.config.jsonc": "{}" });
  expect(await proposeConfig(findPlace(repo.path))).toBeUndefined();
});
