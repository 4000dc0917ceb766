import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { processTree } from "@orchard/host";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { advanceCheckout, type Oid, recoverAdvance } from "../../src/index.ts";
import { killAll, killingGit, rounds, startProgram } from "../helpers/kill.ts";
import { commitOn, type Opened, opened } from "../helpers/opened.ts";

const MANY = 80;
const many = (text: string) =>
  Object.fromEntries(
    Array.from({ length: MANY }, (_, i) => [`dir-${i % 20}/file ${i}.txt`, `${text} ${i}\n`.repeat(50)]),
  );
const FILES = { ...many("old"), "gone.txt": "g\n", ".gitignore": "*.env\n" };
const NEXT = { ...many("new"), "gone.txt": null, "added/n.txt": "n\n" };

/** The checkout is wholly at one of the two commits, nothing of ours is left, nothing of the user's is gone. */
function expectWhole(o: Opened, to: Oid): Oid {
  const head = o.git.git(["rev-parse", "HEAD"]) as Oid;
  expect([o.base, to]).toContain(head);
  expect(o.git.git(["rev-parse", "main"])).toBe(head);
  expect(o.git.git(["status", "--porcelain"])).toBe("?? notes.txt");
  expect(o.git.git(["diff", "HEAD"])).toBe("");
  expect(o.git.read("s.env") + o.git.read("notes.txt")).toBe("secret\nmine\n");
  const left = readdirSync(join(o.git.path, ".git")).filter(
    (name) => name.startsWith("orch-") || name.endsWith(".lock"),
  );
  expect(left).toEqual([]);
  expect(readdirSync(join(o.repo.stateDir, "advancing"))).toEqual([]);
  return head;
}

async function prepared(): Promise<{ o: Opened; to: Oid; back(): void }> {
  const o = await opened(FILES);
  const to = commitOn(o.git, "lane", o.base, NEXT);
  o.git.write({ "notes.txt": "mine\n", "s.env": "secret\n" });
  return { o, to, back: () => o.git.git(["reset", "-q", "--hard", o.base]) };
}

test("killed at any of its git calls, recovery brings the checkout to one of the two commits", async () => {
  using folder = temporaryFolder();
  const { o, to, back } = await prepared();
  using _ = o;
  const git = killingGit(folder.path);
  const args = [o.git.path, o.base, to];
  await startProgram("advance", args, git.env(0, "before")).ended;
  const calls = git.calls();
  expect(calls).toBeGreaterThan(4);
  expect(expectWhole(o, to)).toBe(to);
  const kinds = new Set<string>();
  for (let at = 1; at <= calls; at += 1) {
    for (const when of rounds(1, 2) === 1 ? (["after"] as const) : (["before", "after"] as const)) {
      back();
      const { signal } = await startProgram("advance", args, git.env(at, when)).ended;
      expect(signal).toBe("SIGKILL");
      for (const { kind } of await recoverAdvance(o.repo)) kinds.add(kind);
      expectWhole(o, to);
    }
  }
  expect([...kinds].sort()).toEqual(["finished", "takenBack"]);
  expect(await advanceCheckout(o.repo, { worktree: o.git.path, from: o.base, to })).toEqual({ kind: "advanced" });
  expect(expectWhole(o, to)).toBe(to);
});

test("killed with its git at random instants while files are written, recovery does the same", async () => {
  const { o, to, back } = await prepared();
  using _ = o;
  const kinds: string[] = [];
  for (let round = 0; round < rounds(6, 100); round += 1) {
    back();
    const child = startProgram("advance", [o.git.path, o.base, to]);
    await until("git is moving files", () => processTree(child.pid).length > 1 || child.child.exitCode !== null, {
      every: 1,
    });
    await until(
      "the intent",
      () =>
        readdirSync(join(o.git.path, ".git")).some((name) => name.startsWith("orch-index")) ||
        child.child.exitCode !== null,
      { every: 1 },
    );
    await pause(Math.random() * 60); // a random instant is the point
    killAll(child);
    await child.ended;
    kinds.push(...(await recoverAdvance(o.repo)).map(({ kind }) => kind));
    expectWhole(o, to);
  }
  expect(kinds.length).toBeGreaterThan(0);
  o.git.git(["fsck"]);
});

test("control: plain git merge --ff-only killed in the same way leaves a checkout that is neither", async () => {
  const { o, to, back } = await prepared();
  using _ = o;
  let broken = 0;
  for (let round = 0; round < 25 && broken === 0; round += 1) {
    back();
    const child = startProgram("plain-merge", [o.git.path, to]);
    await until(
      "the lock",
      () => readdirSync(join(o.git.path, ".git")).includes("index.lock") || child.child.exitCode !== null,
      { every: 1 },
    );
    await pause(Math.random() * 15);
    killAll(child);
    await child.ended;
    try {
      expectWhole(o, to);
    } catch {
      broken += 1;
    }
    if (readdirSync(join(o.git.path, ".git")).includes("index.lock")) broken += 1;
  }
  expect(broken).toBeGreaterThan(0);
});

test("what somebody wrote into a path of ours after the crash goes to the trash before the path is finished", async () => {
  using folder = temporaryFolder();
  const { o, to } = await prepared();
  using _ = o;
  const git = killingGit(folder.path);
  const args = [o.git.path, o.base, to];
  let at = 1;
  for (; ; at += 1) {
    await startProgram("advance", args, git.env(at, "after")).ended;
    if (o.git.read("dir-1/file 1.txt").startsWith("new")) break; // the merge itself was cut off behind its work
    await recoverAdvance(o.repo);
  }
  writeFileSync(join(o.git.path, "dir-1/file 1.txt"), "typed after the crash\n");
  const [settled] = await recoverAdvance(o.repo);
  expect(settled).toMatchObject({ kind: "finished", worktree: o.git.path });
  expect(expectWhole(o, to)).toBe(to);
  const trash = settled?.trash ?? "";
  const kept = readdirSync(trash, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith("file 1.txt"));
  expect(o.git.git(["hash-object", join(trash, kept[0] ?? "")])).toBe(
    o.git.git(["hash-object", "--stdin"], { input: "typed after the crash\n" }),
  );
});

test("a lock of somebody else's that appeared after the crash is left alone, and waited for", async () => {
  using folder = temporaryFolder();
  const { o, to } = await prepared();
  using _ = o;
  const git = killingGit(folder.path);
  for (let at = 1; ; at += 1) {
    await startProgram("advance", [o.git.path, o.base, to], git.env(at, "after")).ended;
    if (o.git.read("dir-1/file 1.txt").startsWith("new")) break;
    await recoverAdvance(o.repo);
  }
  const { rmSync } = await import("node:fs");
  rmSync(join(o.git.path, ".git/index.lock"), { force: true });
  writeFileSync(join(o.git.path, ".git/index.lock"), "somebody's");
  expect(await recoverAdvance(o.repo)).toMatchObject([{ kind: "waiting" }]);
  rmSync(join(o.git.path, ".git/index.lock"));
  expect(await recoverAdvance(o.repo)).toMatchObject([{ kind: "finished" }]);
  expect(expectWhole(o, to)).toBe(to);
});
