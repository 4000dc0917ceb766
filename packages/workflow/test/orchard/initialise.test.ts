import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gitRepo, temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { findPlace, initialiseRepository, openOrchard } from "../../src/index.ts";
import { testPorts } from "../ports.ts";

const init = (path: string, options: { readonly base?: string; readonly stateDir?: string } = {}) =>
  initialiseRepository(findPlace(path), testPorts(), { by: "test", ...options });

test("init sets the repository up, shows nothing in git status, and a second time changes nothing", async () => {
  using repo = gitRepo({ ".gitignore": "*.log\n" });
  expect(await init(repo.path)).toMatchObject({ outcome: "initialised", base: "refs/heads/main" });
  expect(repo.git(["status", "--porcelain", "--ignored=no"])).toBe("");
  expect(repo.read(".gitignore")).toBe("*.log\n");
  const tracker = join(repo.path, ".orchestration", "tracker.json");
  const before = [readFileSync(tracker, "utf8"), readFileSync(join(repo.path, ".git/info/exclude"), "utf8")];
  expect(JSON.parse(before[0] ?? "")).toMatchObject({
    version: "1.0.0",
    phase: 0,
    status: "initialized",
    main_repo: repo.path,
    base: "main",
    lanes: {},
  });
  repo.git(["checkout", "-qb", "other"]);
  expect(await init(repo.path)).toMatchObject({ outcome: "unchanged", base: "refs/heads/main" });
  expect([readFileSync(tracker, "utf8"), readFileSync(join(repo.path, ".git/info/exclude"), "utf8")]).toEqual(before);
  expect(statSync(join(repo.path, ".git/orch")).mode & 0o077).toBe(0);
});

test("another base than the recorded one is refused with both named; the recorded one is not", async () => {
  using repo = gitRepo();
  repo.git(["branch", "other"]);
  await init(repo.path);
  await expect(init(repo.path, { base: "other" })).rejects.toMatchObject({
    code: "BASE_DIFFERS",
    exitCode: 3,
    message: expect.stringMatching(/"main".*"other"/),
  });
  expect(await init(repo.path, { base: "main" })).toMatchObject({ outcome: "unchanged", base: "refs/heads/main" });
});

test.each<[string, string, (repo: ReturnType<typeof gitRepo>) => { readonly base?: string } | undefined]>([
  ["HEAD is detached", "DETACHED_HEAD", (repo) => void repo.git(["checkout", "-q", "--detach"])],
  ["the base does not exist", "BASE_MISSING", () => ({ base: "nowhere" })],
  ["there is no commit", "NO_COMMITS", (repo) => void repo.git(["checkout", "-q", "--orphan", "empty"])],
  [
    "the configuration is wrong",
    "INVALID_INPUT",
    (repo) => void repo.write({ "orch.config.jsonc": '{\n  "verfiy": []\n}' }),
  ],
])("refused, and nothing was made: %s", async (_name, code, prepare) => {
  using repo = gitRepo();
  const options = prepare(repo) ?? {};
  await expect(init(repo.path, options)).rejects.toMatchObject({ code });
  for (const made of [".git/orch/journal", ".git/orch/config", ".orchestration", ".worktrees"]) {
    expect(existsSync(join(repo.path, made)), made).toBe(false);
  }
  expect(repo.git(["for-each-ref", "refs/orch"])).toBe("");
  expect(repo.git(["status", "--porcelain"])).not.toContain("orchestration");
});

test("on a detached HEAD, as in CI, the base is named", async () => {
  using repo = gitRepo();
  repo.git(["checkout", "-q", "--detach"]);
  expect(await init(repo.path, { base: "main" })).toMatchObject({ outcome: "initialised", base: "refs/heads/main" });
});

test("a base that only the remote has is made here, also in a shallow clone with nothing checked out", async () => {
  using origin = gitRepo();
  origin.commit("second", { "b.txt": "b" });
  using folder = temporaryFolder();
  const clone = join(folder.path, "clone");
  origin.git(["clone", "-q", "--depth", "1", `file://${origin.path}`, clone]);
  origin.git(["checkout", "-q", "--detach"], { cwd: clone });
  origin.git(["branch", "-q", "-D", "main"], { cwd: clone });
  expect(await init(clone, { base: "main" })).toMatchObject({ outcome: "initialised", base: "refs/heads/main" });
  expect(origin.git(["rev-parse", "main"], { cwd: clone })).toBe(origin.git(["rev-parse", "main"]));
});

test("every folder of the repository and of its worktrees leads to the one place", () => {
  using repo = gitRepo({ "deep/er/x.txt": "" });
  const tree = join(repo.path, ".worktrees", "agent-x");
  repo.git(["worktree", "add", "-q", tree, "-b", "lane-x"]);
  const main = findPlace(repo.path);
  for (const cwd of [join(repo.path, "deep/er"), tree, join(tree, "deep/er")]) {
    expect(findPlace(cwd)).toMatchObject({ stateDir: main.stateDir, trackerFile: main.trackerFile });
  }
});

test("outside of a repository, and in a bare one, the answer is one sentence", () => {
  using folder = temporaryFolder();
  expect(() => findPlace(folder.path)).toThrow(expect.objectContaining({ code: "NOT_A_REPOSITORY", exitCode: 3 }));
  using repo = gitRepo();
  repo.git(["clone", "-q", "--bare", ".", join(folder.path, "bare.git")]);
  expect(() => findPlace(join(folder.path, "bare.git"))).toThrow(expect.objectContaining({ code: "BARE_REPOSITORY" }));
});

test("before init every command says so", async () => {
  using repo = gitRepo();
  await expect(openOrchard(findPlace(repo.path), testPorts(), { by: "test" })).rejects.toMatchObject({
    code: "NOT_INITIALISED",
    hint: "Run: orch init",
  });
});

test("the state may lie elsewhere, and is found again from everywhere", async () => {
  using repo = gitRepo({ "sub/x.txt": "" });
  using elsewhere = temporaryFolder("orchard state");
  const stateDir = join(elsewhere.path, "state");
  mkdirSync(elsewhere.path, { recursive: true });
  expect(await init(repo.path, { stateDir })).toMatchObject({ outcome: "initialised" });
  expect(findPlace(join(repo.path, "sub")).stateDir).toBe(stateDir);
  expect(existsSync(join(stateDir, "journal"))).toBe(true);
  expect(await init(repo.path)).toMatchObject({ outcome: "unchanged" });
});
