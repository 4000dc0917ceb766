import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileLocks } from "@orchard/host";
import { expect, test } from "vitest";
import {
  emptyTrash,
  listTrash,
  putGoneAside,
  removeWorktree,
  restoreRescue,
  verifyRemovable,
} from "../../src/index.ts";
import { type Opened, opened } from "../helpers/opened.ts";

async function removed(o: Opened, name: string): Promise<void> {
  const path = await o.addLane(name);
  const verdict = await verifyRemovable(o.repo, { path, recordedRoot: join(o.git.path, ".worktrees") });
  if (verdict.kind === "refused") throw new Error(JSON.stringify(verdict.reasons));
  await removeWorktree(o.repo, verdict.worktree, { name });
}

test("only what is older goes; the commits stay pinned, and what a step was cut off in stays", async () => {
  using o = await opened();
  await removed(o, "x");
  await removed(o, "y");
  expect(await emptyTrash(o.repo, Date.now() - 86_400_000)).toEqual({ gone: [], left: [] });
  const trash = join(o.repo.stateDir, "trash");
  writeFileSync(join(trash, "y-1", "removing"), "");
  expect(await listTrash(o.repo)).toMatchObject([{ rescue: { name: "x" } }, { rescue: { name: "y" }, isBusy: true }]);
  const { gone } = await emptyTrash(o.repo, Date.now() + 86_400_000);
  expect(gone).toMatchObject([{ rescue: { name: "x", number: 1 } }]);
  expect(readdirSync(trash)).toEqual(["y-1"]);
  expect(o.git.git(["rev-parse", "refs/orch/rescue/x/1"])).toMatch(/^[0-9a-f]{40}/);
  await expect(restoreRescue(o.repo, { name: "x", number: 1 })).rejects.toMatchObject({ code: "RESCUE_MISSING" });
});

test("what a crash left half thrown away is nothing to restore, and goes the next time", async () => {
  using o = await opened();
  await removed(o, "x");
  const trash = join(o.repo.stateDir, "trash");
  renameSync(join(trash, "x-1"), join(trash, ".going-x-1"));
  await expect(restoreRescue(o.repo, { name: "x", number: 1 })).rejects.toMatchObject({ code: "RESCUE_MISSING" });
  expect(await emptyTrash(o.repo, 0)).toMatchObject({ gone: [{ path: join(trash, ".going-x-1") }], left: [] });
  expect(readdirSync(trash)).toEqual([]);
});

test("files are deleted while others may remove and restore, folders without write permission too", async () => {
  const stillThere: string[][] = [];
  const trash = () => join(o.repo.stateDir, "trash");
  const take: typeof fileLocks.take = async (path, options) => {
    const held = await fileLocks.take(path, options);
    if (options.command !== "empty the trash") return held;
    return {
      path: held.path,
      isHeld: () => held.isHeld(),
      release: () => held.release(),
      [Symbol.asyncDispose]: async () => {
        stillThere.push(readdirSync(trash()));
        await held[Symbol.asyncDispose]();
      },
    };
  };
  using o = await opened(undefined, { locks: { ...fileLocks, take } });
  await removed(o, "x");
  const sealed = join(trash(), "x-1", "tree", "cache");
  mkdirSync(join(sealed, "deep"), { recursive: true });
  writeFileSync(join(sealed, "deep", "file"), "f\n");
  for (const folder of [join(sealed, "deep"), sealed]) chmodSync(folder, 0o500);
  expect((await emptyTrash(o.repo, Date.now() + 86_400_000)).gone).toMatchObject([{ rescue: { name: "x" } }]);
  expect([stillThere, readdirSync(trash())]).toEqual([[[".going-x-1"]], []]);
});

test("a registration whose folder is gone is put aside with everything that it leads to; one that is there is refused", async () => {
  using o = await opened();
  const path = await o.addLane("x");
  await expect(putGoneAside(o.repo, { path, name: "x" })).rejects.toMatchObject({ code: "FOLDER_EXISTS" });
  const detached = o.git.commit("only in the reflog", { "r.txt": "1" }, path);
  o.git.git(["reset", "-q", "--hard", "HEAD~1"], { cwd: path });
  const away = `${path}-away`;
  renameSync(path, away);
  mkdirSync(join(away, "later"));
  const { rescue } = await putGoneAside(o.repo, { path, name: "x" });
  expect(o.git.git(["rev-list", "--parents", "-1", rescue])).toContain(detached);
  expect(existsSync(join(o.git.path, ".git", "worktrees", "agent-x"))).toBe(false);
  await expect(putGoneAside(o.repo, { path, name: "x" })).rejects.toMatchObject({ code: "NOT_A_WORKTREE" });
  const again = await o.addLane("x");
  expect(o.git.git(["status", "--porcelain"], { cwd: again })).toBe("");
});
