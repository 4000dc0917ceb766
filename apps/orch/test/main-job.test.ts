import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { orchSandbox, shellLane, writes } from "./orch-sandbox.ts";

interface Status {
  readonly data: {
    readonly version: string;
    readonly phase: number;
    readonly status: string;
    readonly lanes: Record<
      string,
      {
        readonly status: string;
        readonly state: string;
        readonly results: string[];
        readonly merge: { readonly state: string };
      }
    >;
  };
  readonly stats: Record<string, number>;
  readonly timestamp: string;
}

test("lanes are added, executed, merged and cleaned up, and the user's checkout shows nothing of it", async () => {
  using sandbox = orchSandbox({ "a.txt": "a\n", "check.sh": "test -f a.txt\n" });
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "one", shellLane(writes("one.txt", "one 🍎"), { verify: ["sh check.sh"] }));
  await sandbox.ok(
    "add-lane",
    "two",
    shellLane(`test -f one.txt && ${writes("docs/_generated/two.md", "two")}`, { dependsOn: ["one"] }),
  );
  expect(await sandbox.ok("execute")).toContain("2 done: one, two");
  const status = await sandbox.json<Status>("status");
  expect(status.stats).toMatchObject({ lanes_total: 2, lanes_completed: 2, completion_percentage: 100 });
  expect(status.data.lanes["two"]).toMatchObject({ status: "completed", results: ["two.md"] });
  expect(await sandbox.ok("merge", "--dry-run")).toBe("1. one\n2. two\n");
  await sandbox.ok("merge");
  expect(sandbox.repo.read("one.txt")).toContain("🍎");
  expect(sandbox.repo.read("docs/_generated/two.md")).toBe("two\n");
  expect(sandbox.repo.git(["status", "--porcelain"])).toBe("");
  expect(await sandbox.ok("cleanup")).toContain("branch lane-one deleted: its commits are in the base");
  expect(
    sandbox.repo
      .git(["worktree", "list"])
      .split("\n")
      .filter((line) => line.includes("agent-")),
  ).toEqual([]);
  expect(sandbox.repo.git(["branch", "--list", "lane-*"])).toBe("");
  expect(await sandbox.ok("cleanup")).toContain("nothing to clean up");
  expect(sandbox.repo.git(["fsck", "--strict"])).not.toContain("error");
  expect(await sandbox.ok("merge")).toContain("Nothing to land");
});

test("every command finds the main repository's state from a sub-folder and from inside a worktree", async () => {
  using sandbox = orchSandbox({ "deep/er/a.txt": "a\n" });
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "bad", shellLane("exit 7"));
  expect((await sandbox.orch(["execute"])).code).toBe(1);
  for (const cwd of ["deep/er", ".worktrees/agent-bad", ".worktrees/agent-bad/deep/er"]) {
    const ran = await sandbox.orch(["why", "bad"], { cwd: join(sandbox.repo.path, cwd) });
    expect(ran.stdout).toContain("exit code 7");
  }
});

test("a conflict leaves base and lane as they were, is resolved by hand, and the others still land", async () => {
  using sandbox = orchSandbox({ "f.txt": "base\n" });
  await sandbox.ok("init");
  for (const id of ["first", "second"]) await sandbox.ok("add-lane", id, shellLane(writes("f.txt", id)));
  await sandbox.ok("add-lane", "third", shellLane(writes("g.txt", "third")));
  await sandbox.ok("execute");
  const merged = await sandbox.orch(["merge", "--resolve", "hand"]);
  expect(merged.code).toBe(5);
  expect(merged.stdout).toMatch(/second conflicts with first in f\.txt/);
  expect(merged.stdout).toContain("third landed");
  expect(sandbox.repo.read("f.txt")).toBe("first\n");
  const folder = join(sandbox.repo.path, ".worktrees", "resolve-second");
  expect(sandbox.repo.git(["status"], { cwd: folder })).toContain("both modified:   f.txt");
  const again = await sandbox.orch(["merge"]);
  expect(again.stdout).toContain("not resolved yet");
  expect(again.code).toBe(5);
  sandbox.repo.write({ "f.txt": "both\n" }, folder);
  sandbox.repo.git(["add", "f.txt"], { cwd: folder });
  sandbox.repo.git(["-c", "core.editor=true", "merge", "--continue"], { cwd: folder });
  expect(await sandbox.ok("merge")).toContain("second landed");
  expect(sandbox.repo.read("f.txt")).toBe("both\n");
  expect(
    sandbox.repo
      .git(["log", "--merges", "--format=%s", "main"])
      .split("\n")
      .filter((subject) => subject.startsWith("Land ")).length,
  ).toBe(3);
});

test("a dirty checkout is left alone: landed, not yet in your checkout, until sync", async () => {
  using sandbox = orchSandbox({ "f.txt": "base\n" });
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "one", shellLane(writes("f.txt", "one")));
  await sandbox.ok("execute");
  sandbox.repo.write({ "f.txt": "mine\n" });
  const merged = await sandbox.orch(["merge"]);
  expect(merged.code).toBe(0);
  expect(merged.stdout).toMatch(/Landed, not yet in your checkout: uncommitted changes \(f\.txt\)/);
  expect(merged.stdout).toContain("orch sync");
  expect(sandbox.repo.read("f.txt")).toBe("mine\n");
  const synced = await sandbox.orch(["sync"]);
  expect(synced.stdout).toContain("not yet");
  expect(synced.code).toBe(3);
  sandbox.repo.write({ "f.txt": "base\n" });
  expect(await sandbox.ok("sync")).toContain("now has everything");
  expect(sandbox.repo.read("f.txt")).toBe("one\n");
});

test("tracker.json is the picture that orch status --json gives, in the seed's shape", async () => {
  using sandbox = orchSandbox();
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "one", shellLane(writes("one.txt", "1"), { priority: "high" }));
  await sandbox.ok("execute");
  const { data } = await sandbox.json<Status>("status");
  const file = JSON.parse(
    readFileSync(join(sandbox.repo.path, ".orchestration", "tracker.json"), "utf8"),
  ) as Status["data"];
  const { journal: _, ...shown } = file as Status["data"] & { journal: unknown };
  expect(shown).toEqual(data);
  expect(shown).toMatchObject({
    version: "1.0.0",
    phase: 3,
    status: "completed",
    agents: { "agent-one": { lane: "one", branch: "lane-one", worktree: ".worktrees/agent-one", status: "completed" } },
  });
});

test("what was set aside comes back byte for byte", async () => {
  using sandbox = orchSandbox();
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "half", shellLane(`printf 'half\\0done' > left.bin; exit 1`));
  expect((await sandbox.orch(["execute"])).code).toBe(1);
  expect((await sandbox.orch(["cleanup"])).code).toBe(3);
  await sandbox.ok("cleanup", "--rescue");
  expect(await sandbox.ok("rescue", "list")).toContain("half/1");
  await sandbox.ok("rescue", "restore", "half/1");
  expect(readFileSync(join(sandbox.repo.path, ".worktrees", "agent-half", "left.bin"))).toEqual(
    Buffer.from("half\0done"),
  );
  expect(await sandbox.ok("retry", "half")).toContain("tried again");
});

test("a command setting that changed after it was accepted is shown and not used until accepted", async () => {
  using sandbox = orchSandbox({ "orch.config.jsonc": '{ "verify": ["true"] }\n' });
  await sandbox.ok("init");
  sandbox.repo.commit("planted", { "orch.config.jsonc": '{ "verify": ["touch planted; false"] }\n' });
  await sandbox.ok("add-lane", "one", shellLane(writes("one.txt", "1")));
  const ran = await sandbox.orch(["execute"]);
  expect(ran.stderr).toMatch(/changed since you accepted it; not used: verify/);
  expect(ran.code).toBe(0);
  expect((await sandbox.orch(["doctor"])).code).toBe(3);
  await sandbox.ok("doctor", "--accept");
  expect((await sandbox.orch(["merge"])).stderr).toContain("error[RED_BASE]");
});

test("a branch of the person's own is never taken for the worktree of a conflict", async () => {
  using sandbox = orchSandbox({ "f.txt": "base\n" });
  await sandbox.ok("init");
  for (const id of ["first", "second"]) await sandbox.ok("add-lane", id, shellLane(writes("f.txt", id)));
  await sandbox.ok("execute");
  sandbox.repo.git(["checkout", "-q", "-b", "resolve-second"]);
  const mine = sandbox.repo.commit("mine", { "mine.txt": "mine\n" });
  sandbox.repo.git(["checkout", "-q", "main"]);
  const ran = await sandbox.orch(["merge", "--resolve", "hand"]);
  expect(ran.stdout).toContain('no worktree could be made for it: Branch "resolve-second" exists already');
  expect(ran.code).toBe(5);
  expect(sandbox.repo.git(["rev-parse", "resolve-second"])).toBe(mine);
});

test("nothing lands where only Orchard writes", async () => {
  using sandbox = orchSandbox();
  await sandbox.ok("init");
  const plants =
    "mkdir .orchestration && ln -s /tmp .orchestration/logs && git add -f .orchestration && git commit -qm l";
  await sandbox.ok("add-lane", "links", shellLane(plants));
  const ran = await sandbox.orch(["execute"]);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("it committed .orchestration/logs, where only Orchard writes");
  expect((await sandbox.orch(["merge"])).stdout).toContain("Nothing to land");
  for (const more of [[], ["--dry-run"]]) {
    const named = await sandbox.orch(["merge", "links", ...more]);
    expect(named.stdout).toMatch(/links waits: its work is not done\. Lane "links" failed: .*orch retry links/);
    expect(named.code).toBe(3);
  }
});

test("a verify command that is new is run on the base before any lane is blamed", async () => {
  using sandbox = orchSandbox();
  await sandbox.ok("init");
  for (const id of ["one", "two"]) await sandbox.ok("add-lane", id, shellLane(writes(`${id}.txt`, id)));
  await sandbox.ok("execute");
  await sandbox.ok("merge", "one");
  sandbox.repo.write({ "orch.config.jsonc": '{ "verify": ["false"] }\n' });
  await sandbox.ok("doctor", "--accept");
  const ran = await sandbox.orch(["merge"]);
  expect(ran.stderr).toContain("error[RED_BASE]");
  expect(ran.code).toBe(3);
});

test("what a file is called reaches no terminal as it is", async () => {
  using sandbox = orchSandbox();
  await sandbox.ok("init");
  await sandbox.ok(
    "add-lane",
    "names",
    shellLane("n=$(printf 'n\\033]0;own\\007'); echo x > \"$n\"; git add -A; git commit -qm n"),
  );
  await sandbox.ok("execute");
  for (const args of [["diff", "names"], ["status", "names"], ["merge"]]) {
    const { stdout, stderr } = await sandbox.orch(args, { env: { NO_COLOR: "", FORCE_COLOR: "1" } });
    expect(`${stdout}${stderr}`).not.toContain("\u001b]");
  }
});

test("a dry run says what would happen and changes nothing", async () => {
  using sandbox = orchSandbox();
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "bad", shellLane("echo half > half.txt; exit 1"));
  await sandbox.ok("add-lane", "good", shellLane(writes("good.txt", "good")));
  expect(await sandbox.ok("exec-lane", "good", "--dry-run")).toContain("good would start");
  await sandbox.orch(["execute"]);
  await sandbox.ok("cleanup", "--rescue", "--dry-run").catch(() => undefined);
  const before = await sandbox.ok("log", "-n", "200");
  expect(await sandbox.ok("retry", "bad", "--dry-run")).toContain("would be tried again");
  expect(await sandbox.ok("merge", "--dry-run")).toBe("1. good\n");
  expect(await sandbox.ok("sync", "--dry-run")).toContain("0 commits that landed would come");
  expect(await sandbox.ok("reset", "--dry-run")).toContain("Would set aside 2 worktrees");
  expect(await sandbox.ok("resume", "--dry-run")).toContain("nothing to resume");
  expect(await sandbox.ok("log", "-n", "200")).toBe(before);
  await sandbox.ok("cleanup", "--rescue");
  expect(await sandbox.ok("rescue", "restore", "bad/1", "--dry-run")).toContain("agent-bad would come back");
  expect(await sandbox.ok("rescue", "list")).toContain("bad/1");
});

test("a tracker.json that was changed by hand is kept aside and said", async () => {
  using sandbox = orchSandbox();
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "one", shellLane("true"));
  const file = join(sandbox.repo.path, ".orchestration", "tracker.json");
  const text = readFileSync(file, "utf8");
  sandbox.repo.write({ ".orchestration/tracker.json": text.replace('"pending"', '"completed"') });
  const ran = await sandbox.orch(["add-lane", "two", shellLane("true")]);
  expect(ran.stderr).toMatch(/tracker\.json was changed by hand; the change is kept in .*tracker\.json\.edited-/);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ lanes: { one: { status: "pending" }, two: {} } });
});
