import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openHub, parseOid } from "../../src/index.ts";
import { commitOn, opened } from "../helpers/opened.ts";

test("a clean merge gives the tree that git merge gives, and touches no file, no index, no ref", async () => {
  using o = await opened({ "a.txt": "1\n2\n3\n4\n5\n", "b/c.txt": "c\n", "d.txt": "d\n" });
  const ours = commitOn(o.git, "ours", o.base, { "a.txt": "one\n2\n3\n4\n5\n", "new/x.txt": "x\n" });
  const theirs = commitOn(o.git, "theirs", o.base, { "a.txt": "1\n2\n3\n4\nfive\n", "b/c.txt": null });
  const before = o.git.git(["for-each-ref"]);
  using hub = await openHub(o.repo);
  const merge = await hub.merge({ ours, theirs });
  expect(o.git.git(["for-each-ref"])).toBe(before);
  expect(o.git.git(["status", "--porcelain"])).toBe("");
  o.git.git(["checkout", "-q", "ours"]);
  o.git.git(["merge", "-q", "--no-ff", "-m", "plain", "theirs"]);
  expect(merge).toEqual({ kind: "merged", tree: o.git.git(["rev-parse", "HEAD^{tree}"]) });
});

test("a conflict names every file with git's reason and gives all versions", async () => {
  using o = await opened({ "a.txt": "a\n", "gone.txt": "g\n", "same.txt": "s\n" });
  const ours = commitOn(o.git, "ours", o.base, { "a.txt": "ours\n", "gone.txt": null });
  const theirs = commitOn(o.git, "theirs", o.base, { "a.txt": "theirs\n", "gone.txt": "changed\n" });
  using hub = await openHub(o.repo);
  const merge = await hub.merge({ ours, theirs });
  if (merge.kind !== "conflicted") throw new Error(merge.kind);
  expect(merge.files).toEqual([
    { path: "a.txt", reason: "contents" },
    { path: "gone.txt", reason: "modify/delete" },
  ]);
  expect(merge.stages.map(({ path, stage }) => `${path} ${stage}`)).toEqual([
    "a.txt 1",
    "a.txt 2",
    "a.txt 3",
    "gone.txt 1",
    "gone.txt 3",
  ]);
  expect(o.git.git(["cat-file", "-p", `${merge.tree}:a.txt`])).toContain("<<<<<<<");
});

test("what is contained already is said to be so; an empty merge is not that", async () => {
  using o = await opened({ "a.txt": "a\n" });
  const lane = commitOn(o.git, "lane", o.base, { "b.txt": "b\n" });
  const same = commitOn(o.git, "same", o.base, { "a.txt": "a\n" });
  using hub = await openHub(o.repo);
  expect(await hub.merge({ ours: lane, theirs: o.base })).toEqual({ kind: "alreadyMerged" });
  expect(await hub.merge({ ours: lane, theirs: lane })).toEqual({ kind: "alreadyMerged" });
  expect(await hub.merge({ ours: lane, theirs: same })).toEqual({ kind: "merged", tree: await hub.treeOf(lane) });
});

test("with a base given it is a three-way merge from there: a dependency that was amended is exchanged", async () => {
  using o = await opened({ "dep.txt": "0\n", "own.txt": "0\n" });
  const oldDep = commitOn(o.git, "old", o.base, { "dep.txt": "first try\n" });
  const newDep = commitOn(o.git, "new", o.base, { "dep.txt": "second try\n" });
  const lane = commitOn(o.git, "lane", oldDep, { "own.txt": "mine\n" });
  using hub = await openHub(o.repo);
  expect(await hub.merge({ ours: lane, theirs: newDep })).toMatchObject({ kind: "conflicted" }); // what a second plain merge does
  const merge = await hub.merge({ base: oldDep, ours: lane, theirs: newDep });
  if (merge.kind !== "merged") throw new Error(merge.kind);
  expect(o.git.git(["cat-file", "-p", `${merge.tree}:dep.txt`])).toBe("second try");
  expect(o.git.git(["cat-file", "-p", `${merge.tree}:own.txt`])).toBe("mine");
  expect(await hub.merge({ base: oldDep, ours: lane, theirs: newDep })).toEqual(merge);
  const back = await hub.merge({ base: newDep, ours: await commitOf(hub, merge.tree, [lane, newDep]), theirs: oldDep });
  expect(back).toEqual({ kind: "merged", tree: await hub.treeOf(lane) });
});

async function commitOf(
  hub: Awaited<ReturnType<typeof openHub>>,
  tree: ReturnType<typeof parseOid>,
  parents: ReturnType<typeof parseOid>[],
) {
  return hub.commit({ tree, parents, message: "x\n" });
}

test("histories with nothing in common are refused by name", async () => {
  using o = await opened();
  o.git.git(["checkout", "-q", "--orphan", "island"]);
  const island = parseOid(o.git.commit("island", { "i.txt": "i\n" }));
  using hub = await openHub(o.repo);
  await expect(hub.merge({ ours: o.base, theirs: island })).rejects.toMatchObject({
    code: "UNRELATED_HISTORIES",
    exitCode: 5,
  });
  await expect(hub.merge({ ours: o.base, theirs: parseOid("a".repeat(40)) })).rejects.toMatchObject({
    code: "OBJECT_MISSING",
  });
});

test("attributes come from the base's own tree, sub-folders too, never from the dirty checkout", async () => {
  const lines = { "list/.gitattributes": "*.txt merge=union\n", "list/words.txt": "a\n", "plain.txt": "a\n" };
  using o = await opened(lines);
  const ours = commitOn(o.git, "ours", o.base, { "list/words.txt": "a\nours\n", "plain.txt": "a\nours\n" });
  const theirs = commitOn(o.git, "theirs", o.base, { "list/words.txt": "a\ntheirs\n", "plain.txt": "a\ntheirs\n" });
  o.git.write({ ".gitattributes": "*.txt merge=union\n", "list/.gitattributes": "*.txt -merge\n" });
  using hub = await openHub(o.repo);
  const merge = await hub.merge({ ours, theirs });
  if (merge.kind !== "conflicted") throw new Error(merge.kind);
  expect(merge.files).toEqual([{ path: "plain.txt", reason: "contents" }]);
  expect(o.git.git(["cat-file", "-p", `${merge.tree}:list/words.txt`])).toBe("a\nours\ntheirs");
});

test("the user's merge settings have no say", async () => {
  using o = await opened({ "a.txt": "a\n" });
  for (const [key, value] of [
    ["merge.conflictStyle", "diff3"],
    ["merge.renames", "false"],
    ["merge.directoryRenames", "true"],
    ["merge.default", "union"],
  ]) {
    o.git.git(["config", key!, value!]);
  }
  const ours = commitOn(o.git, "ours", o.base, { "a.txt": "ours\n" });
  const theirs = commitOn(o.git, "theirs", o.base, { "a.txt": "theirs\n" });
  using hub = await openHub(o.repo);
  const merge = await hub.merge({ ours, theirs });
  if (merge.kind !== "conflicted") throw new Error(merge.kind);
  expect(o.git.git(["cat-file", "-p", `${merge.tree}:a.txt`])).not.toContain("|||||||");
});

test("a commit has the tree, parents, message and people it was given", async () => {
  using o = await opened();
  using hub = await openHub(o.repo);
  const tree = await hub.treeOf(o.base);
  const author = { name: "Åsa <x>", email: "asa@example.invalid" };
  const made = await hub.commit({
    tree,
    parents: [o.base, o.base],
    message: "Land ü\n\nbody\n",
    author,
    at: 1_700_000_000,
  });
  expect(o.git.git(["log", "-1", "--format=%an|%ae|%at|%cn|%s|%b|%P", made])).toBe(
    `Åsa x|asa@example.invalid|1700000000|Ada Tester|Land ü|body\n|${o.base} ${o.base}`.replace("body\n", "body\n"),
  );
  expect(
    await hub.commit({ tree, parents: [o.base, o.base], message: "Land ü\n\nbody\n", author, at: 1_700_000_000 }),
  ).toBe(made);
  await o.repo.makeDurable(made, o.base);
  o.git.git(["fsck", "--strict"]);
});

test("works in a SHA-256 repository", async () => {
  using o = await opened();
  const path = join(o.git.path, "sha256");
  o.git.git(["init", "-q", "-b", "main", "--object-format=sha256", path]);
  const git = {
    ...o.git,
    path,
    git: (args: readonly string[], options = {}) => o.git.git(args, { cwd: path, ...options }),
  };
  writeFileSync(join(path, "a.txt"), "a\n");
  git.git(["add", "-A"]);
  git.git(["commit", "-qm", "first"]);
  const { reopen } = await import("../helpers/opened.ts");
  const repo = await reopen(path);
  expect(repo.objectFormat).toBe("sha256");
  const base = parseOid(git.git(["rev-parse", "HEAD"]));
  const lane = commitOn(git, "lane", base, { "b.txt": "b\n" });
  using hub = await openHub(repo);
  const merge = await hub.merge({ ours: base, theirs: lane });
  if (merge.kind !== "merged") throw new Error(merge.kind);
  const landed = await hub.commit({ tree: merge.tree, parents: [base, lane], message: "Land\n" });
  await repo.makeDurable(landed, base);
  expect(git.git(["ls-tree", "--name-only", landed])).toBe("a.txt\nb.txt");
});

test("several merges at once share a hub without disturbing each other", async () => {
  using o = await opened({ ".gitattributes": "*.list merge=union\n", "w.list": "a\n" });
  const lanes = Array.from({ length: 8 }, (_, lane) =>
    commitOn(o.git, `lane-${lane}`, o.base, { "w.list": `a\n${lane}\n`, [`${lane}.txt`]: "x\n" }),
  );
  const hubs = await Promise.all([openHub(o.repo), openHub(o.repo), openHub(o.repo)]);
  const merges = await Promise.all(
    lanes.map((theirs, lane) => hubs[lane % 3]!.merge({ ours: lanes[(lane + 1) % 8]!, theirs })),
  );
  expect(merges.map(({ kind }) => kind)).toEqual(Array(8).fill("merged"));
  for (const hub of hubs) hub[Symbol.dispose]();
});

test("settings and hooks planted into the hub itself are gone at the next use", async () => {
  using o = await opened();
  const hub = await o.repo.hubFolder();
  const config = readFileSync(join(hub, "config"), "utf8");
  writeFileSync(join(hub, "config"), `${config}[filter "x"]\n\tclean = touch /tmp/evil\n`);
  mkdirSync(join(hub, "hooks"));
  writeFileSync(join(hub, "hooks/post-merge"), "#!/bin/sh\n", { mode: 0o755 });
  mkdirSync(join(hub, "info"));
  writeFileSync(join(hub, "info/attributes"), "* merge=union\n");
  await o.repo.hubFolder();
  expect(readFileSync(join(hub, "config"), "utf8")).toBe(config);
  expect(readdirSync(hub)).not.toContain("hooks");
  expect(readdirSync(hub)).not.toContain("info");
});

test("a hub that was closed before it was asked anything says so, and starts nothing", async () => {
  using o = await opened({ "a.txt": "a\n" });
  const hub = await openHub(o.repo);
  hub[Symbol.dispose]();
  await expect(hub.treeOf(o.base)).rejects.toMatchObject({ code: "GIT_FAILED" });
});
