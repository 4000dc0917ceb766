import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "@orchard/host";
import { expect, test } from "vitest";
import { branchRef, parseOid, parseRef } from "../../src/index.ts";
import { commitOn, opened, reopen } from "../helpers/opened.ts";

const LANDED = parseRef("refs/orch/landed/main");

test("a ref moves only from where the caller saw it", async () => {
  using o = await opened();
  const next = commitOn(o.git, "lane", o.base, { "b.txt": "b\n" });
  expect(await o.repo.createRef(LANDED, o.base, "landed")).toBe("moved");
  expect(await o.repo.createRef(LANDED, next, "landed")).toBe("stale");
  expect(await o.repo.moveRef(LANDED, next, next, "landed")).toBe("stale");
  expect(await o.repo.moveRef(LANDED, next, o.base, "landed")).toBe("moved");
  expect(await o.repo.resolve(LANDED)).toBe(next);
  expect(await o.repo.deleteRef(LANDED, o.base)).toBe("stale");
  expect(await o.repo.deleteRef(LANDED, next)).toBe("deleted");
  expect(await o.repo.deleteRef(LANDED, next)).toBe("deleted");
});

test("a packed ref moves, and is deleted, as a loose one does", async () => {
  using o = await opened();
  await o.repo.createRef(LANDED, o.base, "landed");
  o.git.git(["pack-refs", "--all"]);
  const next = commitOn(o.git, "lane", o.base, { "b.txt": "b\n" });
  expect(await o.repo.moveRef(LANDED, next, o.base, "landed")).toBe("moved");
  o.git.git(["pack-refs", "--all"]);
  expect(await o.repo.deleteRef(LANDED, next)).toBe("deleted");
  expect(await o.repo.resolve(LANDED)).toBeUndefined();
});

test("a lock that a living git may hold is waited for, then named; one from before the boot is put aside", async () => {
  using o = await opened();
  await o.repo.createRef(LANDED, o.base, "landed");
  const lock = join(o.git.path, ".git/refs/orch/landed/main.lock");
  writeFileSync(lock, "");
  const next = commitOn(o.git, "lane", o.base, { "b.txt": "b\n" });
  await expect(o.repo.moveRef(LANDED, next, o.base, "x")).rejects.toMatchObject({ code: "REF_LOCKED", exitCode: 4 });
  const beforeBoot = (systemClock.now() - systemClock.sinceBoot()) / 1000 - 3600;
  utimesSync(lock, beforeBoot, beforeBoot);
  expect(await o.repo.moveRef(LANDED, next, o.base, "x")).toBe("moved");
  expect(readdirSync(join(o.repo.stateDir, "trash")).some((name) => name.startsWith(".ref-lock-"))).toBe(true);
});

test("what only loose files hold is in a pack afterwards, once", async () => {
  using o = await opened();
  const packs = () => readdirSync(join(o.git.path, ".git/objects/pack")).filter((name) => name.endsWith(".pack"));
  expect(packs()).toEqual([]);
  const next = parseOid(o.git.commit("second", { "b.txt": "b\n", "c/d.txt": "d\n" }));
  await o.repo.makeDurable(next, o.base);
  expect(packs()).toHaveLength(1);
  const packed = o.git.git(["verify-pack", "-v", join(o.git.path, ".git/objects/pack", packs()[0]!)]);
  for (const name of [next, `${next}^{tree}`, `${next}:b.txt`, `${next}:c/d.txt`]) {
    expect(packed).toContain(o.git.git(["rev-parse", name]));
  }
  expect(packed).not.toContain(o.base);
  await o.repo.makeDurable(next, o.base);
  await o.repo.makeDurable(next);
  expect(packed).not.toBe("");
  expect(packs().length).toBeLessThanOrEqual(2); // without `since` the base is packed as well
  o.git.git(["fsck", "--strict"]);
});

test("every writing call of git syncs; what is computed is synced with its pack", async () => {
  using o = await opened();
  const next = parseOid(o.git.commit("second", { "b.txt": "b\n" }));
  for (const folder of readdirSync(join(o.git.path, ".git/objects")).filter((name) => name.length === 2)) {
    expect(statSync(join(o.git.path, ".git/objects", folder)).isDirectory()).toBe(true);
  }
  await o.repo.makeDurable(next, o.base);
  for (const folder of readdirSync(join(o.git.path, ".git/objects")).filter((name) => name.length === 2)) {
    const id = parseOid(next);
    if (id.startsWith(folder)) rmSync(join(o.git.path, ".git/objects", folder, id.slice(2)));
  }
  expect(o.git.git(["cat-file", "-t", next])).toBe("commit"); // the loose copy is not needed any more
});

test("patterns go to info/exclude once, anchored, and leave what stands there", async () => {
  using o = await opened();
  const file = join(o.git.path, ".git/info/exclude");
  writeFileSync(file, "# mine\n*.tmp");
  await o.repo.excludeLocally([".orchestration/", "/.worktrees/"]);
  await o.repo.excludeLocally([".orchestration/"]);
  expect(readFileSync(file, "utf8")).toBe("# mine\n*.tmp\n/.orchestration/\n/.worktrees/\n");
  rmSync(join(o.git.path, ".git/info"), { recursive: true });
  await o.repo.excludeLocally([".orchestration/"]);
  expect(readFileSync(file, "utf8")).toBe("/.orchestration/\n");
});

test("our commits carry the user's name, or Orchard's where git has none", async () => {
  using o = await opened();
  expect(await o.repo.identity()).toEqual({ name: "Ada Tester", email: "ada@example.invalid" });
  o.git.git(["config", "--unset", "user.email"]);
  expect(await (await reopen(o.git.path)).identity()).toEqual({ name: "Orchard", email: "orchard@localhost" });
});

test("history is read the same by every question", async () => {
  using o = await opened({ "a.txt": "1\n", "gone.txt": "x\n", "bin/tool": "#!/bin/sh\n" });
  const next = commitOn(o.git, "lane", o.base, { "a.txt": "2\n", "gone.txt": null, "neu ü.txt": "n\n" });
  expect(await o.repo.changedPaths(o.base, next)).toEqual([
    { path: "a.txt", status: "changed" },
    { path: "gone.txt", status: "deleted" },
    { path: "neu ü.txt", status: "added" },
  ]);
  expect(await o.repo.isAncestor(o.base, next)).toBe(true);
  expect(await o.repo.isAncestor(next, o.base)).toBe(false);
  expect(await o.repo.mergeBase(o.base, next)).toBe(o.base);
  expect(await o.repo.countCommits(o.base, next)).toBe(1);
  expect(await o.repo.diffText(o.base, next)).toContain("+2");
  expect(await o.repo.diffText(o.base, next, { stat: true })).toContain("3 files changed");
  expect(await o.repo.readFileAt(next, "neu ü.txt")).toEqual(Buffer.from("n\n"));
  expect(await o.repo.readFileAt(next, "bin")).toBeUndefined();
  expect(await o.repo.readFileAt(next, "gone.txt")).toBeUndefined();
  expect(await o.repo.commitInfo(next)).toMatchObject({
    parents: [o.base],
    subject: "work",
    authoredAt: "2026-01-02T03:04:05Z",
  });
  expect(await o.repo.log(o.base, next, 10)).toEqual([await o.repo.commitInfo(next)]);
  await expect(o.repo.commitInfo(parseOid("f".repeat(40)))).rejects.toMatchObject({ code: "OBJECT_MISSING" });
});

test("odd names come through: newline, quotes, leading dash, bytes that are not UTF-8", async () => {
  using o = await opened();
  const names = [
    Buffer.from("new\nline"),
    Buffer.from('quo"te'),
    Buffer.from("-dash"),
    Buffer.from([0x62, 0xff, 0x64]),
    Buffer.from(" space "),
  ];
  mkdirSync(join(o.git.path, "odd"));
  for (const name of names) writeFileSync(Buffer.concat([Buffer.from(join(o.git.path, "odd/")), name]), "odd\n");
  const next = parseOid(o.git.commit("odd"));
  const changed = (await o.repo.changedPaths(o.base, next)).map(({ path }) => path);
  expect(changed.sort()).toEqual(["odd/ space ", "odd/-dash", "odd/b\\xffd", "odd/new\nline", 'odd/quo"te']);
  for (const name of names) {
    expect(await o.repo.readFileAt(next, Buffer.concat([Buffer.from("odd/"), name]))).toEqual(Buffer.from("odd\n"));
  }
});

test("a branch in the middle of a rebase counts as checked out", async () => {
  using o = await opened({ "a.txt": "1\n" });
  const lane = await o.addLane("x");
  o.git.commit("theirs", { "a.txt": "theirs\n" });
  o.git.commit("ours", { "a.txt": "ours\n" }, lane);
  expect(await o.repo.checkedOutAt(branchRef("lane-x"))).toEqual([lane]);
  expect(() => o.git.git(["rebase", "main"], { cwd: lane })).toThrow();
  expect(o.git.git(["status"], { cwd: lane })).toContain("rebase in progress");
  expect(await o.repo.checkedOutAt(branchRef("lane-x"))).toEqual([lane]);
  expect(await o.repo.checkedOutAt(branchRef("nobody"))).toEqual([]);
});
