import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  findRepository,
  makeWorktreeStateFolder,
  readWorktrees,
  removeWorktree,
  restoreRescue,
  verifyRemovable,
  worktreeStateFolder,
} from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";

test("each worktree has one in its own git dir, private, and git goes on as before", async () => {
  using o = await opened();
  const lane = await o.addLane("x");
  const place = findRepository(lane)!;
  const folder = await makeWorktreeStateFolder(place);
  expect(folder).toBe(join(o.git.path, ".git/worktrees/agent-x/orch"));
  expect(folder).toBe(worktreeStateFolder(place));
  expect(await makeWorktreeStateFolder(place)).toBe(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  writeFileSync(join(folder, "note"), "mine\n");
  o.git.commit("work", { "w.txt": "w\n" }, lane);
  o.git.git(["gc", "-q"], { cwd: lane });
  o.git.git(["worktree", "prune"]);
  o.git.git(["fsck"]);
  expect(o.git.git(["status", "--porcelain", "--ignored"], { cwd: lane })).toBe("");
  expect(readFileSync(join(folder, "note"), "utf8")).toBe("mine\n");
});

test("that of the main checkout lies apart from what the whole repository keeps", async () => {
  using o = await opened();
  const folder = await makeWorktreeStateFolder(findRepository(o.git.path)!);
  expect(folder).toBe(join(o.repo.stateDir, "main-worktree"));
});

test("a removal takes it along, and a restore brings it back", async () => {
  using o = await opened();
  const lane = await o.addLane("x");
  const found = (await readWorktrees(o.repo)).byPath(lane)!;
  const { commonDir } = o.repo.place;
  const folder = await makeWorktreeStateFolder({ gitDir: found.gitDir, commonDir });
  writeFileSync(join(folder, "note"), "mine\n");
  const removable = await verifyRemovable(o.repo, { path: lane, recordedRoot: join(o.git.path, ".worktrees") });
  if (removable.kind !== "removable") throw new Error("It was to be removable.");
  const { number, trash } = await removeWorktree(o.repo, removable.worktree, { name: "x" });
  expect(readFileSync(join(trash, "admin/orch/note"), "utf8")).toBe("mine\n");
  const { path } = await restoreRescue(o.repo, { name: "x", number });
  expect(readFileSync(join(worktreeStateFolder(findRepository(path)!), "note"), "utf8")).toBe("mine\n");
});
