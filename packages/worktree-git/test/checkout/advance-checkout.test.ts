import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { abandonAdvance, recordAdvance } from "../../src/checkout/advance-intent.ts";
import { advanceCheckout, branchRef, followLanded, landedRef, recoverAdvance } from "../../src/index.ts";
import { commitOn, type Opened, opened } from "../helpers/opened.ts";

const FILES = { "a.txt": "a\n", "b/c.txt": "c\n", "gone.txt": "g\n", "link-to-be.txt": "l\n", ".gitignore": "*.env\n" };

async function withNext(
  files: Readonly<Record<string, string | null>> = { "a.txt": "A\n", "gone.txt": null, "new/n.txt": "n\n" },
) {
  const o = await opened(FILES);
  const to = commitOn(o.git, "lane", o.base, files);
  return { o, to, advance: () => advanceCheckout(o.repo, { worktree: o.git.path, from: o.base, to }) };
}

function statusOf({ git }: Opened): string {
  return git.git(["status", "--porcelain"]);
}

test("a clean checkout moves with its branch; untracked and ignored files stay", async () => {
  const { o, to, advance } = await withNext();
  using _ = o;
  o.git.write({ "notes.txt": "mine\n", "s.env": "secret\n" });
  expect(await advance()).toEqual({ kind: "advanced" });
  expect(o.git.git(["rev-parse", "HEAD", "main"])).toBe(`${to}\n${to}`);
  expect(statusOf(o)).toBe("?? notes.txt");
  expect(o.git.read("s.env")).toBe("secret\n");
  expect(o.git.read("new/n.txt")).toBe("n\n");
  expect(readdirSync(join(o.git.path, ".git")).filter((name) => name.startsWith("orch-"))).toEqual([]);
  expect(await advance()).toEqual({ kind: "advanced" });
});

test.each([
  ["a changed file", "dirty", ["a.txt"], (o: Opened): void => o.git.write({ "a.txt": "mine\n" })],
  [
    "a change in a file that does not move",
    "dirty",
    ["b/c.txt"],
    (o: Opened): void => o.git.write({ "b/c.txt": "mine\n" }),
  ],
  ["a deleted file", "dirty", ["b/c.txt"], (o: Opened): void => rmSync(join(o.git.path, "b/c.txt"))],
  [
    "a staged file",
    "dirty",
    ["s.txt"],
    (o: Opened): void => {
      o.git.write({ "s.txt": "s\n" });
      o.git.git(["add", "s.txt"]);
    },
  ],
  [
    "an untracked file in the way",
    "inTheWay",
    ["new/n.txt"],
    (o: Opened): void => o.git.write({ "new/n.txt": "mine\n" }),
  ],
  [
    "an ignored file in the way",
    "inTheWay",
    ["new/n.txt"],
    (o: Opened): void => {
      writeFileSync(join(o.git.path, ".git/info/exclude"), "/new/\n/.worktrees/\n");
      o.git.write({ "new/n.txt": "mine\n" });
    },
  ],
  ["a file where a folder must be", "inTheWay", ["new"], (o: Opened): void => o.git.write({ new: "mine\n" })],
  [
    "a link where a folder must be",
    "inTheWay",
    ["new"],
    (o: Opened): void => symlinkSync("b", join(o.git.path, "new")),
  ],
  ["a lock", "indexLock", undefined, (o: Opened): void => writeFileSync(join(o.git.path, ".git/index.lock"), "")],
  [
    "a commit of somebody else's",
    "moved",
    undefined,
    (o: Opened): void => void o.git.commit("mine", { "m.txt": "m\n" }),
  ],
] as const)("%s blocks it, and nothing has changed", async (_what, what, paths, prepare) => {
  const { o, advance } = await withNext();
  using _ = o;
  prepare(o);
  const before = [statusOf(o), o.git.git(["rev-parse", "HEAD"])];
  const outcome = await advance();
  expect(outcome).toMatchObject({ kind: "blocked", by: [{ what, ...(paths === undefined ? {} : { paths }) }] });
  expect([statusOf(o), o.git.git(["rev-parse", "HEAD"])]).toEqual(before);
  expect(o.git.read("gone.txt")).toBe("g\n");
  expect(readdirSync(join(o.repo.stateDir, "advancing"))).toEqual([]);
});

test("control: plain --ff-only overwrites the ignored file that ours refuses", async () => {
  const { o, to } = await withNext({ "s.env": "theirs\n" });
  using _ = o;
  o.git.write({ "s.env": "my secret\n" });
  const outcome = await advanceCheckout(o.repo, { worktree: o.git.path, from: o.base, to });
  expect(outcome).toEqual({ kind: "blocked", by: [{ what: "inTheWay", paths: ["s.env"] }] });
  expect(o.git.read("s.env")).toBe("my secret\n");
  o.git.git(["merge", "-q", "--ff-only", to]);
  expect(o.git.read("s.env")).toBe("theirs\n");
});

test("an operation in progress blocks it, by name", async () => {
  const { o, advance } = await withNext();
  using _ = o;
  commitOn(o.git, "other", o.base, { "x.txt": "x\n" });
  o.git.git(["merge", "--no-commit", "--no-ff", "other"]);
  expect(await advance()).toMatchObject({
    kind: "blocked",
    by: [
      { what: "operation", paths: ["merge"] },
      { what: "dirty", paths: ["x.txt"] },
    ],
  });
});

test("a submodule that is behind is no dirt of ours", async () => {
  using inner = await opened({ "lib.txt": "1\n" });
  const { o } = await withNext();
  using _ = o;
  o.git.git(["-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.git.path, "lib"]);
  const from = o.git.commit("with lib");
  const newer = inner.git.commit("newer", { "lib.txt": "2\n" });
  o.git.git(["-c", "protocol.file.allow=always", "fetch", "-q"], { cwd: join(o.git.path, "lib") });
  o.git.git(["update-index", "--cacheinfo", `160000,${newer},lib`]);
  const tree = o.git.git(["write-tree"]);
  const to = o.git.git(["commit-tree", "-p", from, "-m", "lib", tree]);
  o.git.git(["read-tree", "HEAD"]);
  const request = { worktree: o.git.path, from: from as never, to: to as never };
  expect(await advanceCheckout(o.repo, request)).toEqual({ kind: "advanced" });
  expect(statusOf(o)).toBe(" M lib");
  const next = commitOn(o.git, "next", to, { "z.txt": "z\n" });
  expect(await advanceCheckout(o.repo, { worktree: o.git.path, from: to as never, to: next })).toEqual({
    kind: "advanced",
  });
});

test("a linked worktree advances as well, and odd names with it", async () => {
  using o = await opened(FILES);
  const lane = await o.addLane("x");
  const to = commitOn(o.git, "next", o.base, { 'odd "q"\n.txt': "o\n", "b/c.txt": null, "b/d/e.txt": "e\n" });
  expect(await advanceCheckout(o.repo, { worktree: lane, from: o.base, to })).toEqual({ kind: "advanced" });
  expect(o.git.git(["status", "--porcelain"], { cwd: lane })).toBe("");
  expect(readFileSync(join(lane, 'odd "q"\n.txt'), "utf8")).toBe("o\n");
});

test("the base follows what landed: by ref when nobody has it, with its checkout, or it says why not", async () => {
  using o = await opened(FILES);
  const landed = commitOn(o.git, "lane", o.base, { "a.txt": "A\n" });
  expect(await followLanded(o.repo, o.main)).toEqual({ kind: "current", commit: o.base });
  await o.repo.createRef(landedRef(o.main), landed, "landed");
  o.git.write({ "a.txt": "mine\n" });
  expect(await followLanded(o.repo, o.main)).toEqual({
    kind: "behind",
    checkout: o.git.path,
    by: [{ what: "dirty", paths: ["a.txt"] }],
  });
  expect(await o.repo.resolve(o.main)).toBe(o.base);
  o.git.write({ "a.txt": "a\n" });
  expect(await followLanded(o.repo, o.main)).toEqual({ kind: "advanced", commit: landed });
  expect(statusOf(o)).toBe("");
  expect(await followLanded(o.repo, o.main)).toEqual({ kind: "current", commit: landed });
  o.git.git(["checkout", "-q", "--detach"]);
  const second = commitOn(o.git, "lane", landed, { "b/c.txt": "C\n" });
  await o.repo.moveRef(landedRef(o.main), second, landed, "landed");
  expect(await followLanded(o.repo, o.main)).toEqual({ kind: "advanced", commit: second });
  expect(o.git.git(["rev-parse", "main"])).toBe(second);
});

test("a base with commits of its own has diverged; one that is ahead is current", async () => {
  using o = await opened(FILES);
  const landed = commitOn(o.git, "lane", o.base, { "a.txt": "A\n" });
  await o.repo.createRef(landedRef(o.main), landed, "landed");
  const own = o.git.commit("own", { "own.txt": "o\n" });
  expect(await followLanded(o.repo, o.main)).toEqual({ kind: "diverged", base: own, landed });
  o.git.git(["merge", "-q", "-m", "both", "lane"]);
  expect(await followLanded(o.repo, o.main)).toMatchObject({ kind: "current" });
  await expect(followLanded(o.repo, branchRef("no-such"))).rejects.toMatchObject({ code: "BASE_MISSING" });
});

test("a branch named like another base's has a landed ref of its own", () => {
  expect(landedRef(branchRef("release/1.0"))).toBe("refs/orch/landed/release/1.0");
});

test("with nothing left over recovery does nothing", async () => {
  using o = await opened(FILES);
  mkdirSync(join(o.repo.stateDir, "advancing"), { recursive: true });
  expect(await recoverAdvance(o.repo)).toEqual([]);
});

test("recovery puts aside what stands where a file or a folder of the new commit must be, and follows no link", async () => {
  using outside = temporaryFolder();
  const { o, to } = await withNext({
    "a.txt": "A\n",
    "new/n.txt": "n\n",
    "linked/l.txt": "l\n",
    "b/c.txt": null,
    "was-folder": "w\n",
  });
  using _ = o;
  const place = { root: o.git.path, gitDir: o.repo.place.commonDir };
  const intent = await recordAdvance(o.repo, { ...place, from: o.base, to });
  abandonAdvance(intent); // from here on: what a crash in the middle of the checkout left, and somebody did since
  rmSync(join(o.git.path, "a.txt"));
  o.git.write({ new: "a file of mine\n", "was-folder/mine.txt": "mine\n" });
  symlinkSync(outside.path, join(o.git.path, "linked"));
  const [settled] = await recoverAdvance(o.repo);
  expect(settled).toMatchObject({ kind: "finished" });
  expect(statusOf(o)).toBe("");
  expect(o.git.git(["rev-parse", "main"])).toBe(to);
  expect(readdirSync(outside.path)).toEqual([]);
  const kept = readdirSync(settled?.trash ?? "", { recursive: true }).map(String);
  expect(kept.map((name) => name.replace(/^\d+\/?/, "")).sort()).toEqual([
    "",
    "",
    "",
    "linked",
    "new",
    "was-folder",
    "was-folder/mine.txt",
  ]);
});

test("what somebody staged after the crash is still staged after recovery", async () => {
  const { o, to } = await withNext();
  using _ = o;
  const intent = await recordAdvance(o.repo, { root: o.git.path, gitDir: o.repo.place.commonDir, from: o.base, to });
  abandonAdvance(intent);
  rmSync(join(o.git.path, "a.txt"));
  o.git.write({ "mine.txt": "mine\n" });
  o.git.git(["add", "mine.txt"]);
  expect(await recoverAdvance(o.repo)).toMatchObject([{ kind: "finished" }]);
  expect(statusOf(o)).toBe("A  mine.txt");
});

test("locks of HEAD, ORIG_HEAD and the branch that a killed git left are put aside, and the advance is finished", async () => {
  const { o, to } = await withNext();
  using _ = o;
  abandonAdvance(await recordAdvance(o.repo, { root: o.git.path, gitDir: o.repo.place.commonDir, from: o.base, to }));
  rmSync(join(o.git.path, "a.txt"));
  for (const name of ["HEAD.lock", "ORIG_HEAD.lock", "refs/heads/main.lock"])
    writeFileSync(join(o.git.path, ".git", name), "");
  expect(await recoverAdvance(o.repo)).toMatchObject([{ kind: "finished" }]);
  expect(statusOf(o)).toBe("");
  expect(o.git.git(["rev-parse", "main"])).toBe(to);
});
