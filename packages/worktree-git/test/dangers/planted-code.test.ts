import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import {
  addWorktree,
  advanceCheckout,
  beginMerge,
  branchRef,
  commitEverything,
  findRepository,
  followLanded,
  inspectWorktree,
  landedRef,
  type Oid,
  openHub,
  openRepository,
  readExecutableSettings,
  removeWorktree,
  restoreRescue,
  scratchWorktree,
  verifyRemovable,
} from "../../src/index.ts";
import { commitOn, type Opened, opened, reopen } from "../helpers/opened.ts";

const HOOKS = [
  "applypatch-msg",
  "commit-msg",
  "post-applypatch",
  "post-checkout",
  "post-commit",
  "post-index-change",
  "post-merge",
  "post-rewrite",
  "pre-applypatch",
  "pre-auto-gc",
  "pre-commit",
  "pre-merge-commit",
  "pre-rebase",
  "prepare-commit-msg",
  "reference-transaction",
];

/** Every way in that a lane with a pen has: hooks and settings that name a program; each leaves its own marker. */
function plant(o: Opened, markers: string, lane: string): number {
  const run = (name: string) => `touch '${join(markers, name)}'; cat`;
  for (const hook of HOOKS) {
    writeFileSync(join(o.git.path, ".git/hooks", hook), `#!/bin/sh\ntouch '${join(markers, `hook-${hook}`)}'\n`, {
      mode: 0o755,
    });
  }
  const settings: Record<string, string> = {
    "core.fsmonitor": `touch '${join(markers, "fsmonitor")}'; false`,
    "core.sshCommand": run("ssh"),
    "core.editor": run("editor"),
    "core.pager": run("pager"),
    "core.askPass": run("askpass"),
    "core.alternateRefsCommand": run("alternate"),
    "sequence.editor": run("sequence"),
    "gpg.program": run("gpg"),
    "commit.gpgSign": "true",
    "tag.gpgSign": "true",
    "merge.verifySignatures": "true",
    "log.showSignature": "true",
    "diff.external": run("diff-external"),
    "diff.evil.command": run("diff-command"),
    "diff.evil.textconv": run("textconv"),
    "filter.evil.clean": run("clean"),
    "filter.evil.smudge": run("smudge"),
    "merge.evil.driver": `touch '${join(markers, "merge-driver")}'; false`,
    "credential.helper": `!touch '${join(markers, "credential")}'`,
    "alias.status": `!touch '${join(markers, "alias")}'`,
    "pager.log": run("pager-log"),
    "trailer.x.command": run("trailer"),
    "interactive.diffFilter": run("diff-filter"),
    "remote.origin.url": `ext::sh -c touch% '${join(markers, "remote")}'`,
    "remote.origin.uploadpack": run("uploadpack"),
    "hook.evil.command": run("config-hook"),
    "hook.evil.event": "reference-transaction",
    "core.attributesFile": join(markers, "..", "attributes"),
    "branch.main.mergeOptions": "--no-ff",
  };
  for (const [key, value] of Object.entries(settings)) o.git.git(["config", key, value]);
  o.git.git(["config", "extensions.worktreeConfig", "true"]);
  o.git.git(["config", "--worktree", "filter.worktree.clean", run("worktree-clean")], { cwd: lane });
  writeFileSync(join(markers, "..", "attributes"), "* filter=evil diff=evil merge=evil\n");
  mkdirSync(join(o.git.path, ".git/info"), { recursive: true });
  writeFileSync(
    join(o.git.path, ".git/info/attributes"),
    "*.txt filter=evil diff=evil merge=evil\n*.md filter=worktree\n",
  );
  return HOOKS.length + Object.keys(settings).length;
}

/** Every call that the host side makes, one after the other. */
async function everything(o: Opened, lane: string): Promise<void> {
  const repo = await reopen(o.git.path);
  await repo.identity();
  await repo.head();
  o.git.write({ "a.txt": "lane\n", "new.txt": "n\n", "doc.md": "d\n" }, lane);
  await inspectWorktree(repo, lane);
  const work = (await commitEverything(repo, lane, { message: "work" }))!;
  const other = commitOn(plain(o), "other", o.base, { "a.txt": "other\n" });
  const clean = commitOn(plain(o), "clean", o.base, { "c.txt": "c\n" });
  using hub = await openHub(repo);
  expect(await hub.merge({ ours: work, theirs: other })).toMatchObject({ kind: "conflicted" });
  const merge = await hub.merge({ ours: work, theirs: clean });
  if (merge.kind !== "merged") throw new Error(merge.kind);
  const landed = await hub.commit({ tree: merge.tree, parents: [o.base, work, clean], message: "Land\n" });
  await repo.makeDurable(landed, o.base);
  await repo.createRef(landedRef(o.main), landed, "landed");
  expect(await followLanded(repo, o.main)).toMatchObject({ kind: "advanced" });
  await repo.diffText(o.base, landed);
  await repo.diffText(o.base, landed, { stat: true });
  await repo.log(o.base, landed, 10);
  await addWorktree(repo, { path: o.lanePath("y"), branch: branchRef("lane-y"), start: landed, reason: "lane y" });
  const scratch = await scratchWorktree(repo, o.lanePath("scratch"));
  await scratch.checkout(landed);
  await scratch.checkout(o.base as Oid);
  await beginMerge(repo, {
    path: o.lanePath("hand"),
    branch: branchRef("hand"),
    ours: work,
    theirs: other,
    message: "by hand",
  });
  const verdict = await verifyRemovable(repo, { path: lane, recordedRoot: join(o.git.path, ".worktrees") });
  if (verdict.kind === "refused") throw new Error(JSON.stringify(verdict.reasons));
  await removeWorktree(repo, verdict.worktree, { name: "x" });
  await restoreRescue(repo, { name: "x", number: 1 });
  await advanceCheckout(repo, { worktree: o.lanePath("y"), from: landed, to: landed });
}

/** Commits of the test itself, made where nothing is planted. */
function plain(o: Opened): Opened["git"] {
  const env = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false"];
  return { ...o.git, git: (args, options) => o.git.git([...env, ...args], options) };
}

const FILES = { "a.txt": "a\n", "doc.md": "d\n", ".gitattributes": "*.bin binary\n" };

test("no planted hook, filter, driver, monitor or helper runs in any call of ours", async () => {
  using folder = temporaryFolder();
  const markers = join(folder.path, "markers");
  mkdirSync(markers);
  using o = await opened(FILES);
  const lane = await o.addLane("x");
  expect(plant(o, markers, lane)).toBeGreaterThanOrEqual(20);
  for (const name of readdirSync(markers)) rmSync(join(markers, name)); // what planting itself set off
  await everything(o, lane);
  expect(readdirSync(markers)).toEqual([]);
});

test("control: plain git in the same repository runs what was planted", async () => {
  using folder = temporaryFolder();
  const markers = join(folder.path, "markers");
  mkdirSync(markers);
  using o = await opened(FILES);
  const lane = await o.addLane("x");
  plant(o, markers, lane);
  for (const name of readdirSync(markers)) rmSync(join(markers, name));
  o.git.git(["config", "commit.gpgSign", "false"]);
  o.git.git(["config", "merge.verifySignatures", "false"]);
  o.git.write({ "a.txt": "lane\n", "doc.md": "x\n" }, lane);
  o.git.git(["status"], { cwd: lane });
  expect(() => o.git.git(["diff"], { cwd: lane })).toThrow("external diff died");
  o.git.git(["add", "-A"], { cwd: lane });
  o.git.git(["commit", "-q", "-m", "work"], { cwd: lane });
  o.git.git(["worktree", "add", "-q", "-b", "plain", o.lanePath("plain"), "lane-x"]);
  expect(readdirSync(markers)).toEqual(
    expect.arrayContaining([
      "clean",
      "smudge",
      "fsmonitor",
      "hook-post-checkout",
      "hook-pre-commit",
      "hook-reference-transaction",
      "diff-command",
      "worktree-clean",
    ]),
  );
});

test("a merge driver that was accepted works in merges; one that changed since does not", async () => {
  using o = await opened({ "a.txt": "a\n", ".gitattributes": "*.txt merge=mine\n" });
  using folder = temporaryFolder();
  o.git.git(["config", "merge.mine.driver", "echo driven > %A"]);
  const accepted = await readExecutableSettings(o.repo);
  const ours = commitOn(o.git, "ours", o.base, { "a.txt": "ours\n" });
  const theirs = commitOn(o.git, "theirs", o.base, { "a.txt": "theirs\n" });
  const repo = await reopen(o.git.path, { accepted });
  using hub = await openHub(repo);
  const merge = await hub.merge({ ours, theirs });
  if (merge.kind !== "merged") throw new Error(merge.kind);
  expect(o.git.git(["cat-file", "-p", `${merge.tree}:a.txt`])).toBe("driven");
  o.git.git(["config", "merge.mine.driver", `touch '${join(folder.path, "evil")}'; echo evil > %A`]);
  expect(await hub.merge({ ours, theirs })).toEqual(merge);
  using stranger = await openHub(o.repo);
  expect(await stranger.merge({ ours, theirs })).toMatchObject({ kind: "conflicted" });
  expect(existsSync(join(folder.path, "evil"))).toBe(false);
});

test("settings and hooks that run programs are told as data, so that two moments can be compared", async () => {
  using o = await opened();
  o.git.git(["config", "filter.lfs.clean", "git-lfs clean -- %f"]);
  o.git.git(["config", "user.signingKey", "x"]);
  writeFileSync(join(o.git.path, ".git/hooks/pre-commit"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(o.git.path, ".git/hooks/not-executable"), "#!/bin/sh\n", { mode: 0o644 });
  const first = (await readExecutableSettings(o.repo)).filter(({ scope }) => scope !== "system");
  expect(first).toEqual([
    { kind: "hook", key: "pre-commit", value: expect.stringMatching(/^[0-9a-f]{64}$/), scope: "hooks" },
    { kind: "setting", key: "filter.lfs.clean", value: "git-lfs clean -- %f", scope: "local" },
  ]);
  writeFileSync(join(o.git.path, ".git/hooks/pre-commit"), "#!/bin/sh\nevil\n", { mode: 0o755 });
  expect((await readExecutableSettings(o.repo))[0]?.value).not.toBe(first[0]?.value);
});

test("core.worktree planted into the shared settings leads no call of ours elsewhere", async () => {
  using folder = temporaryFolder();
  using o = await opened({ "a.txt": "a\n" });
  writeFileSync(join(folder.path, "a.txt"), "untouched\n");
  const to = commitOn(o.git, "lane", o.base, { "a.txt": "A\n" });
  const place = findRepository(o.git.path)!;
  const repo = await openRepository(place, { stateDir: o.repo.stateDir, locks: o.repo.locks });
  o.git.git(["config", "core.worktree", folder.path]);
  expect(await advanceCheckout(repo, { worktree: o.git.path, from: o.base, to })).toEqual({ kind: "advanced" });
  expect(o.git.read("a.txt")).toBe("A\n");
  expect(readdirSync(folder.path)).toEqual(["a.txt"]);
});
