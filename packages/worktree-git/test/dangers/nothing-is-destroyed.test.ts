import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import {
  addWorktree,
  branchRef,
  listRescues,
  type RemovableWorktree,
  removeWorktree,
  restoreRescue,
  showRescue,
  verifyRemovable,
} from "../../src/index.ts";
import { differences, folderManifest } from "../../src/removal/folder-manifest.ts";
import { moveByCopy } from "../../src/removal/move-folder.ts";
import { CLEAN_FILES, DIRT } from "../helpers/dirt.ts";
import { killingGit, rounds, startProgram } from "../helpers/kill.ts";
import { type Opened, opened } from "../helpers/opened.ts";

async function removable(
  o: Opened,
  path: string,
  recordedRoot = join(o.git.path, ".worktrees"),
): Promise<RemovableWorktree> {
  const verdict = await verifyRemovable(o.repo, { path, recordedRoot });
  if (verdict.kind === "refused") throw new Error(JSON.stringify(verdict.reasons));
  return verdict.worktree;
}

/** Files and admin folder of a worktree, byte for byte. */
async function pictureOf(o: Opened, lane: string) {
  const admin = join(o.git.path, ".git/worktrees/agent-x");
  const [files, git] = [await folderManifest(lane), await folderManifest(admin)];
  return new Map([...files, ...[...git].map(([path, entry]) => [`admin/${path}`, entry] as const)]);
}

test.each(Object.keys(DIRT))("removed and restored, a worktree with %s is the same byte for byte", async (dirt) => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  DIRT[dirt]!(o, lane);
  const status = o.git.git(["status", "--porcelain=v2", "--ignored"], { cwd: lane });
  const before = await pictureOf(o, lane);
  const { number, rescue } = await removeWorktree(o.repo, await removable(o, lane), { name: "x" });
  expect([number, rescue, existsSync(lane)]).toEqual([1, "refs/orch/rescue/x/1", false]);
  expect(o.git.git(["worktree", "list"])).not.toContain("agent-x");
  o.git.git(["reflog", "expire", "--expire=now", "--all"]);
  o.git.git(["gc", "-q", "--prune=now"]);
  o.git.git(["worktree", "prune"]);
  await restoreRescue(o.repo, { name: "x", number: 1 });
  expect(differences(before, await pictureOf(o, lane))).toEqual([]);
  expect(o.git.git(["status", "--porcelain=v2", "--ignored"], { cwd: lane })).toBe(status);
  o.git.git(["fsck"], { cwd: lane });
});

test("control: git worktree remove --force loses each of these states", async () => {
  for (const dirt of ["staged files, and other content over them", "ignored files", "commits on a detached HEAD"]) {
    using o = await opened(CLEAN_FILES);
    const lane = await o.addLane("x");
    DIRT[dirt]!(o, lane);
    const before = await pictureOf(o, lane);
    o.git.git(["worktree", "remove", "--force", "--force", lane]);
    o.git.git(["gc", "-q", "--prune=now"]);
    o.git.git(["worktree", "add", "-q", lane, "lane-x"]); // all that anybody can do now
    expect(differences(before, await pictureOf(o, lane))).not.toEqual([]);
  }
});

test("the rescue ref alone keeps HEAD, reflog commits and staged content through a gc", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  DIRT["commits on a detached HEAD"]!(o, lane);
  const alone = o.git.git(["rev-parse", "HEAD"], { cwd: lane });
  const first = o.git.git(["rev-parse", "HEAD@{2}"], { cwd: lane });
  o.git.write({ "only staged.txt": "nowhere else\n" }, lane);
  o.git.git(["add", "-A"], { cwd: lane });
  const blob = o.git.git(["hash-object", join(lane, "only staged.txt")]);
  await removeWorktree(o.repo, await removable(o, lane), { name: "x" });
  rmSync(join(o.repo.stateDir, "trash"), { recursive: true });
  o.git.git(["gc", "-q", "--prune=now"]);
  for (const id of [alone, first, blob]) expect(o.git.git(["cat-file", "-e", id])).toBe("");
  const shown = await showRescue(o.repo, { name: "x", number: 1 });
  expect(shown.pinned.map(({ oid }) => oid)).toEqual(expect.arrayContaining([alone, first]));
  expect(shown.restorable).toBe(false);
  await expect(restoreRescue(o.repo, { name: "x", number: 1 })).rejects.toMatchObject({ code: "RESCUE_MISSING" });
});

test("a worktree in which a live process works is refused, the process named", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  mkdirSync(join(lane, "deep"));
  const child = spawn("sleep", ["300"], { cwd: join(lane, "deep"), stdio: "ignore" });
  try {
    const verdict = await until("it is inside", async () => {
      const found = await verifyRemovable(o.repo, { path: lane, recordedRoot: join(o.git.path, ".worktrees") });
      return found.kind === "refused" ? found : undefined;
    });
    expect(verdict.reasons).toMatchObject([{ why: "processInside", pid: child.pid, command: "sleep 300" }]);
  } finally {
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
  }
});

test("a process that entered after the check stops the removal", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  const checked = await removable(o, lane);
  const child = spawn("sleep", ["300"], { cwd: lane, stdio: "ignore" });
  try {
    await expect(removeWorktree(o.repo, checked, { name: "x" })).rejects.toMatchObject({ code: "PROCESS_INSIDE" });
    expect(existsSync(join(lane, "a.txt"))).toBe(true);
  } finally {
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
  }
});

test("killed before or after any of its git calls, a removal loses nothing and the next call goes on", async () => {
  using folder = temporaryFolder();
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  DIRT["staged files, and other content over them"]!(o, lane);
  const git = killingGit(folder.path);
  const before = await pictureOf(o, lane);
  const whole = startProgram("remove-worktree", [o.git.path, lane], git.env(0, "before"));
  expect(await whole.ended, whole.stderr()).toEqual({ code: 0, signal: null });
  const calls = git.calls();
  const restoreIfRemoved = async () => {
    const last = (await listRescues(o.repo)).findLast(({ restorable }) => restorable);
    if (last !== undefined && !existsSync(lane)) await restoreRescue(o.repo, last);
    expect(differences(before, await pictureOf(o, lane))).toEqual([]);
  };
  await restoreIfRemoved();
  for (let at = 1; at <= calls; at += rounds(2, 1)) {
    for (const when of ["before", "after"] as const) {
      await startProgram("remove-worktree", [o.git.path, lane], git.env(at, when)).ended;
      await restoreIfRemoved();
    }
  }
  expect(calls).toBeGreaterThan(5);
}, 600_000);

test("a removal cut off between its two renames is finished by the next call; before the first it is taken back", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  DIRT["a merge in progress"]!(o, lane);
  const before = await pictureOf(o, lane);
  const { trash } = await removeWorktree(o.repo, await removable(o, lane), { name: "x" });
  renameSync(join(trash, "admin"), join(o.git.path, ".git/worktrees/agent-x"));
  writeFileSync(join(trash, "removing"), "");
  await restoreRescue(o.repo, { name: "x", number: 1 });
  expect(differences(before, await pictureOf(o, lane))).toEqual([]);
  const second = await removeWorktree(o.repo, await removable(o, lane), { name: "x" });
  expect(second.number).toBe(2);
  renameSync(join(second.trash, "admin"), join(o.git.path, ".git/worktrees/agent-x"));
  renameSync(join(second.trash, "tree"), lane);
  writeFileSync(join(second.trash, "removing"), "");
  const third = await removeWorktree(o.repo, await removable(o, lane), { name: "x" });
  expect(third.number).toBe(3);
  await restoreRescue(o.repo, { name: "x", number: 3 });
  expect(differences(before, await pictureOf(o, lane))).toEqual([]);
});

test("what is left of an old removal never touches a new worktree at the same place", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  await removeWorktree(o.repo, await removable(o, lane), { name: "x" });
  rmSync(join(o.repo.stateDir, "trash/x-1/tree"), { recursive: true });
  await addWorktree(o.repo, { path: lane, branch: branchRef("lane-x"), start: o.base, reason: "lane x" });
  const other = await o.addLane("y");
  await removeWorktree(o.repo, await removable(o, other), { name: "y" });
  expect(o.git.git(["status", "--porcelain"], { cwd: lane })).toBe("");
});

const OTHER_DISK = "/dev/shm";
const apart = existsSync(OTHER_DISK) && statSync(OTHER_DISK).dev !== statSync("/tmp").dev;

test.skipIf(!apart)("across disks it is copied, compared and only then removed; restored it is the same", async () => {
  using o = await opened(CLEAN_FILES);
  const root = mkdtempSync(join(OTHER_DISK, "orchard disk-"));
  try {
    const lane = join(root, "agent-x");
    await addWorktree(o.repo, { path: lane, branch: branchRef("lane-x"), start: o.base, reason: "lane x" });
    DIRT["untracked files, odd names, links, modes"]!(o, lane);
    DIRT["ignored files"]!(o, lane);
    const before = await pictureOf(o, lane);
    const { trash } = await removeWorktree(o.repo, await removable(o, lane, root), { name: "x" });
    expect(existsSync(lane)).toBe(false);
    expect(existsSync(join(trash, "tree/.env"))).toBe(true);
    await restoreRescue(o.repo, { name: "x", number: 1 });
    expect(differences(before, await pictureOf(o, lane))).toEqual([]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test("a folder that changes while it is copied stays where it is, and the copy goes", async () => {
  using folder = temporaryFolder();
  const [from, to] = [join(folder.path, "from"), join(folder.path, "to")];
  mkdirSync(from);
  for (let i = 0; i < 300; i += 1) writeFileSync(join(from, `f${i}`), "x".repeat(20_000));
  const timer = setInterval(() => writeFileSync(join(from, "growing"), String(performance.now())), 1);
  await expect(moveByCopy(from, to)).rejects.toMatchObject({ code: "CHANGED_WHILE_MOVING" });
  clearInterval(timer);
  expect(existsSync(join(from, "f299"))).toBe(true);
  expect(existsSync(to)).toBe(false);
});
