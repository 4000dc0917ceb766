import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { afterEach, expect, test } from "vitest";
import { branchRef, followLanded, openHub, parseOid } from "../../src/index.ts";
import { rememberedGit } from "../../src/repository/known-git.ts";
import { isNewEnough } from "../../src/repository/open-repository.ts";
import { commitOn, opened, reopen } from "../helpers/opened.ts";

const PATH = process.env["PATH"] ?? "";
afterEach(() => {
  process.env["PATH"] = PATH;
});

test("a bare repository is refused by name", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  o.git.git(["clone", "-q", "--bare", o.git.path, join(folder.path, "bare.git")]);
  await expect(reopen(join(folder.path, "bare.git"))).rejects.toMatchObject({ code: "BARE_REPOSITORY" });
});

test("a git that is too old is refused, both versions named", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  const real = o.git.git(["--exec-path"]);
  writeFileSync(
    join(folder.path, "git"),
    `#!/bin/sh\n[ "$1" = version ] && { echo "git version 2.38.9"; exit; }\nexec "${real}/git" "$@"\n`,
  );
  chmodSync(join(folder.path, "git"), 0o755);
  process.env["PATH"] = folder.path + delimiter + PATH;
  await expect(reopen(o.git.path)).rejects.toMatchObject({
    code: "GIT_TOO_OLD",
    message: expect.stringMatching(/2\.38\.9.*2\.39/),
  });
});

test("a git that was new enough is not asked again; another in its place, or a script, is", async () => {
  using folder = temporaryFolder();
  const [first, second] = [join(folder.path, "one"), join(folder.path, "two")];
  for (const place of [first, second]) mkdirSync(place);
  const program = (place: string, content: string) => writeFileSync(join(place, "git"), content, { mode: 0o755 });
  program(first, "a program");
  let asked = 0;
  const timesAsked = async (searched: string) => {
    asked = 0;
    await rememberedGit(folder.path, async () => void asked++, searched);
    return asked;
  };
  expect([await timesAsked(first), await timesAsked(first)]).toEqual([1, 0]);
  program(first, "a program of another length");
  expect([await timesAsked(first), await timesAsked(first)]).toEqual([1, 0]);
  program(second, "a program");
  expect([await timesAsked(second + delimiter + first), await timesAsked(first)]).toEqual([1, 1]);
  program(second, "#!/bin/sh\n");
  const script = second + delimiter + first;
  expect([await timesAsked(script), await timesAsked(script)]).toEqual([1, 1]);
  expect([await timesAsked(`.${delimiter}${first}`), await timesAsked(""), await timesAsked(first)]).toEqual([1, 1, 0]);
});

test("a git that was refused is asked again", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "git"), "a program", { mode: 0o755 });
  const refuse = () => Promise.reject(new Error("too old"));
  await expect(rememberedGit(folder.path, refuse, folder.path)).rejects.toThrow("too old");
  await expect(rememberedGit(folder.path, refuse, folder.path)).rejects.toThrow("too old");
});

test.each([
  ["2.39.0", true],
  ["2.39.5", true],
  ["2.50.1", true],
  ["3.0", true],
  ["2.38.9", false],
  ["1.99", false],
  ["unknown", false],
])("git %s is new enough: %s", (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});

test("a partial clone is refused by name", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  o.git.git(["config", "uploadpack.allowFilter", "true"]);
  const clone = join(folder.path, "clone");
  o.git.git(["clone", "-q", "--filter=blob:none", `file://${o.git.path}`, clone]);
  await expect(reopen(clone)).rejects.toMatchObject({ code: "PARTIAL_CLONE" });
});

test("a shallow clone merges what it has", async () => {
  using folder = temporaryFolder();
  using o = await opened({ "a.txt": "1\n" });
  for (const text of ["2", "3", "4"]) o.git.commit(text, { "a.txt": `${text}\n` });
  const clone = join(folder.path, "clone");
  o.git.git(["clone", "-q", "--depth=2", `file://${o.git.path}`, clone]);
  const repo = await reopen(clone);
  const tip = parseOid(o.git.git(["rev-parse", "HEAD"]));
  const lane = commitOn(
    { ...o.git, git: (args, options) => o.git.git(args, { ...options, cwd: clone }) },
    "lane",
    tip,
    { "b.txt": "b\n" },
  );
  using hub = await openHub(repo);
  expect(await hub.merge({ ours: tip, theirs: lane })).toMatchObject({ kind: "merged" });
  expect(await repo.countCommits(tip, lane)).toBe(1);
  expect(await repo.log(undefined, tip, 10)).toHaveLength(2);
});

test("an unborn branch has a name and no commit", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  const empty = join(folder.path, "empty");
  o.git.git(["init", "-q", "-b", "trunk", empty]);
  const repo = await reopen(empty);
  expect(await repo.head()).toEqual({ branch: branchRef("trunk") });
  await expect(followLanded(repo, branchRef("trunk"))).rejects.toMatchObject({ code: "BASE_MISSING" });
});

test("a detached HEAD has a commit and no branch", async () => {
  using o = await opened();
  o.git.git(["checkout", "-q", "--detach"]);
  expect(await o.repo.head()).toEqual({ commit: o.base });
});
