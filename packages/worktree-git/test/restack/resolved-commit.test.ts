import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { beginMerge, branchRef, type Oid, openHub, replaceCommits, resolvedCommit } from "../../src/index.ts";
import { commitOn, type Opened, opened } from "../helpers/opened.ts";
import { fileAt, filesOf, parentsOf } from "../helpers/parts.ts";

const FILES = { "a.txt": "1\n2\n3\n", "b.txt": "b\n" };

/** Something taken out that was built on: `one` added to line 2, the head changed that line once more. */
async function stuck(o: Opened) {
  using hub = await openHub(o.repo);
  const one = commitOn(o.git, "one", o.base, { "a.txt": "1\none\n3\n", "one.txt": "1\n" });
  const head = commitOn(o.git, "head", one, { "a.txt": "1\none and more\n3\n" });
  const replacements = [{ from: one, to: o.base, message: "Take out one" }];
  const outcome = await replaceCommits(hub, { head, replacements });
  if (outcome.kind !== "conflicted") throw new Error("It was to conflict.");
  const { onto, theirs, base } = outcome;
  return { one, head, onto, theirs, base: base as Oid };
}

async function begun(o: Opened) {
  const found = await stuck(o);
  const { onto: ours, theirs, base } = found;
  const path = o.lanePath("hand");
  const request = { path, branch: branchRef("resolve-x"), ours, theirs, base, message: "Take out one" };
  await beginMerge(o.repo, request);
  const sought = { onto: ours, theirs };
  const ask = () => resolvedCommit(o.repo, { path, ...sought });
  return { ...found, path, request, sought, ask };
}

const run = (o: Opened, path: string, ...args: string[]) =>
  o.git.git(["-c", "core.editor=true", ...args], { cwd: path });

test.each([
  ["git commit", ["commit", "-q", "--no-edit"]],
  ["git merge --continue", ["merge", "--continue"]],
] as const)("what is to be taken out can be resolved in a worktree, and %s ends it", async (_name, command) => {
  using o = await opened(FILES);
  const { path, onto, theirs, ask } = await begun(o);
  expect(o.git.git(["status"], { cwd: path })).toContain("You have unmerged paths");
  expect(o.git.git(["status", "--porcelain"], { cwd: path })).toBe("UU a.txt\nD  one.txt");
  const conflict = readFileSync(join(path, "a.txt"), "utf8");
  expect(conflict).toBe(`1\n<<<<<<< ${onto}\none and more\n=======\n2\n>>>>>>> ${theirs}\n3\n`);
  expect(await ask()).toBeUndefined();
  writeFileSync(join(path, "a.txt"), "1\nmore\n3\n");
  run(o, path, "add", "a.txt");
  expect(await ask()).toBeUndefined();
  run(o, path, ...command);
  const resolved = (await ask())!;
  expect(parentsOf(o, resolved)).toEqual([onto, theirs]);
  expect(o.git.git(["log", "-1", "--format=%s", resolved])).toBe("Take out one");
  expect(fileAt(o, resolved, "a.txt")).toBe("1\nmore\n3");
  expect(filesOf(o, resolved)).toEqual(["a.txt", "b.txt"]);
});

test("a resolution that changes nothing is a commit like any other", async () => {
  using o = await opened(FILES);
  const { path, onto, ask } = await begun(o);
  run(o, path, "checkout", "-q", onto, "--", ".");
  run(o, path, "commit", "-q", "--no-edit");
  expect(o.git.git(["diff", "--stat", onto, (await ask())!])).toBe("");
});

test("commits on top belong to it; while anything tracked is not committed there is no answer", async () => {
  using o = await opened(FILES);
  const { path, sought, ask } = await begun(o);
  writeFileSync(join(path, "a.txt"), "1\nmore\n3\n");
  run(o, path, "commit", "-qa", "--no-edit");
  writeFileSync(join(path, "b.txt"), "fixed\n");
  expect(await ask()).toBeUndefined();
  run(o, path, "commit", "-qam", "fix");
  writeFileSync(join(path, "a.txt.orig"), "left by a merge tool\n");
  const resolved = await ask();
  expect(resolved).toBe(o.git.git(["rev-parse", "resolve-x"]));
  expect(await resolvedCommit(o.repo, { branch: branchRef("resolve-x"), ...sought })).toBe(resolved);
});

test("aborted, or given up for something else, it is not resolved, although its first parents lead there", async () => {
  using o = await opened(FILES);
  const { path, ask } = await begun(o);
  run(o, path, "merge", "--abort");
  expect(await ask()).toBeUndefined();
  writeFileSync(join(path, "b.txt"), "something else\n");
  run(o, path, "commit", "-qam", "something else");
  expect(await ask()).toBeUndefined();
});

test("without the worktree, the branch or any commit on it there is no answer and no error", async () => {
  using o = await opened(FILES);
  const { onto, theirs } = await stuck(o);
  expect(await resolvedCommit(o.repo, { path: o.lanePath("none"), onto, theirs })).toBeUndefined();
  expect(await resolvedCommit(o.repo, { branch: branchRef("none"), onto, theirs })).toBeUndefined();
  o.git.git(["branch", "resolve-x", onto]);
  expect(await resolvedCommit(o.repo, { branch: branchRef("resolve-x"), onto, theirs })).toBeUndefined();
});

test("begun again after it was resolved, or while it is being resolved, nothing changes", async () => {
  using o = await opened(FILES);
  const { path, request, ask } = await begun(o);
  writeFileSync(join(path, "a.txt"), "half\n");
  await beginMerge(o.repo, request);
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("half\n");
  run(o, path, "commit", "-qa", "--no-edit");
  const resolved = await ask();
  await beginMerge(o.repo, request);
  expect(o.git.git(["status", "--porcelain"], { cwd: path })).toBe("");
  expect(await ask()).toBe(resolved);
});

test("aborted and begun again, the merge is in progress once more; what stands in its way is not written over", async () => {
  using o = await opened(FILES);
  const { path, request } = await begun(o);
  const before = readFileSync(join(path, "a.txt"), "utf8");
  run(o, path, "merge", "--abort");
  writeFileSync(join(path, "a.txt"), "kept\n");
  for (let again = 0; again < 2; again += 1) {
    await expect(beginMerge(o.repo, request)).rejects.toMatchObject({ code: "GIT_FAILED" });
    expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("kept\n");
    expect(o.git.git(["status"], { cwd: path })).not.toContain("merging");
  }
  run(o, path, "checkout", "-q", "--", "a.txt");
  await beginMerge(o.repo, request);
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe(before);
  expect(o.git.git(["status"], { cwd: path })).toContain("You have unmerged paths");
});

test("a new form that conflicts is resolved in the same way", async () => {
  using o = await opened(FILES);
  const { one, head } = await stuck(o);
  const again = commitOn(o.git, "again", o.base, { "a.txt": "1\nuno\n3\n", "one.txt": "uno\n" });
  const path = o.lanePath("hand");
  const branch = branchRef("resolve-x");
  await beginMerge(o.repo, { path, branch, ours: head, theirs: again, base: one, message: "Replace one" });
  const [theirLine] = /^>>>>>>> .*$/m.exec(readFileSync(join(path, "a.txt"), "utf8")) ?? [];
  expect(theirLine).toBe(`>>>>>>> ${again}`);
  writeFileSync(join(path, "a.txt"), "1\nuno and more\n3\n");
  run(o, path, "commit", "-qa", "--no-edit");
  const resolved = await resolvedCommit(o.repo, { path, onto: head, theirs: again });
  expect(parentsOf(o, resolved!)).toEqual([head, again]);
  expect(fileAt(o, resolved!, "one.txt")).toBe("uno");
});
