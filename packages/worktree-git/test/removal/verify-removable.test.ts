import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { branchRef, removeWorktree, restoreRescue, verifyRemovable } from "../../src/index.ts";
import { type Opened, opened } from "../helpers/opened.ts";

const rootOf = (o: Opened) => join(o.git.path, ".worktrees");

test.each([
  ["the main checkout", "mainWorktree", (o: Opened) => o.git.path],
  ["the repository's parent", "outsideRoot", (o: Opened) => join(o.git.path, "..")],
  ["the recorded root itself", "outsideRoot", (o: Opened) => rootOf(o)],
  [
    "a folder that is no worktree",
    "notAWorktree",
    (o: Opened) => {
      mkdirSync(join(rootOf(o), "plain"));
      return join(rootOf(o), "plain");
    },
  ],
  ["nothing at all", "notAWorktree", (o: Opened) => join(rootOf(o), "none")],
  [
    "a link to a worktree",
    "isALink",
    (o: Opened) => {
      symlinkSync(join(rootOf(o), "agent-x"), join(rootOf(o), "link"));
      return join(rootOf(o), "link");
    },
  ],
  ["a path that climbs out", "outsideRoot", (o: Opened) => join(rootOf(o), "agent-x/../../../..")],
  [
    "a worktree of the user's",
    "notLockedByUs",
    (o: Opened) => {
      o.git.git(["worktree", "add", "-q", "-b", "u", join(rootOf(o), "u")]);
      return join(rootOf(o), "u");
    },
  ],
  [
    "a worktree whose .git was rewritten",
    "tampered",
    (o: Opened) => {
      writeFileSync(join(rootOf(o), "agent-x/.git"), "gitdir: /elsewhere\n");
      return join(rootOf(o), "agent-x");
    },
  ],
] as const)("%s is never removable", async (_what, why, path) => {
  using o = await opened();
  await o.addLane("x");
  const verdict = await verifyRemovable(o.repo, { path: path(o), recordedRoot: rootOf(o) });
  expect(verdict).toMatchObject({ kind: "refused", reasons: [{ why }] });
});

test.each([
  ["nothing where its .git file was", "removable", () => {}],
  ["another .git file", "removable", (file: string) => writeFileSync(file, "gitdir: /elsewhere\n")],
  ["a link for its .git file", "refused", (file: string) => symlinkSync("/elsewhere", file)],
  ["a repository in its place", "refused", (file: string) => mkdirSync(file)],
] as const)("of a damaged worktree, with %s: %s", async (_what, kind, damage) => {
  using o = await opened();
  const lane = await o.addLane("x");
  rmSync(join(lane, ".git"));
  damage(join(lane, ".git"));
  const verdict = await verifyRemovable(o.repo, { path: lane, recordedRoot: rootOf(o), damaged: true });
  expect(verdict.kind).toBe(kind);
  if (verdict.kind === "refused") return;
  expect(verdict.worktree).toMatchObject({ branch: branchRef("lane-x"), head: o.git.git(["rev-parse", "lane-x"]) });
  writeFileSync(join(lane, "ignored or not"), "kept\n");
  await removeWorktree(o.repo, verdict.worktree, { name: "x" });
  await restoreRescue(o.repo, { name: "x", number: 1 });
  expect(o.git.git(["status", "--porcelain"], { cwd: lane })).toBe('?? "ignored or not"');
});

test("a recorded root that became a link to somewhere else removes nothing there", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  const lane = await o.addLane("x");
  symlinkSync(o.git.path, join(folder.path, "root"));
  expect(await verifyRemovable(o.repo, { path: lane, recordedRoot: join(folder.path, "other") })).toMatchObject({
    kind: "refused",
  });
  expect(await verifyRemovable(o.repo, { path: lane, recordedRoot: join(folder.path, "root") })).toMatchObject({
    kind: "removable",
  });
});

test("a bad rescue name reaches neither a path nor a ref", async () => {
  using o = await opened();
  const lane = await o.addLane("x");
  const verdict = await verifyRemovable(o.repo, { path: lane, recordedRoot: rootOf(o) });
  if (verdict.kind === "refused") throw new Error("refused");
  for (const name of ["../x", "-x", "a/b", "", "x.lock", ".x", "con"]) {
    await expect(removeWorktree(o.repo, verdict.worktree, { name })).rejects.toMatchObject({ code: "BAD_RESCUE_NAME" });
    await expect(restoreRescue(o.repo, { name, number: 1 })).rejects.toThrow();
  }
});

test("restore is refused where something stands, or the branch is in use; a deleted branch comes back", async () => {
  using o = await opened();
  const lane = await o.addLane("x");
  const tip = o.git.commit("work", { "w.txt": "w\n" }, lane);
  const verdict = await verifyRemovable(o.repo, { path: lane, recordedRoot: rootOf(o) });
  if (verdict.kind === "refused") throw new Error("refused");
  await removeWorktree(o.repo, verdict.worktree, { name: "x" });
  mkdirSync(lane);
  await expect(restoreRescue(o.repo, { name: "x", number: 1 })).rejects.toMatchObject({ code: "FOLDER_EXISTS" });
  const { rmdirSync } = await import("node:fs");
  rmdirSync(lane);
  o.git.git(["checkout", "-q", "lane-x"]);
  await expect(restoreRescue(o.repo, { name: "x", number: 1 })).rejects.toMatchObject({ code: "BRANCH_IN_USE" });
  o.git.git(["checkout", "-q", "main"]);
  o.git.git(["branch", "-q", "-D", "lane-x"]);
  expect(await restoreRescue(o.repo, { name: "x", number: 1 })).toEqual({ path: lane, branch: branchRef("lane-x") });
  expect(o.git.git(["rev-parse", "lane-x"])).toBe(tip);
  await expect(restoreRescue(o.repo, { name: "x", number: 1 })).rejects.toMatchObject({ code: "RESCUE_MISSING" });
});
