import { join } from "node:path";
import { expect, test } from "vitest";
import { bringIn, containedIn, findRewritten, type Oid, openHub, replaceCommits } from "../../src/index.ts";
import { opened, reopen } from "../helpers/opened.ts";
import { commitOf } from "../helpers/parts.ts";

test("all of it works where objects are named by SHA-256", async () => {
  using o = await opened();
  const path = join(o.git.path, "sha256");
  o.git.git(["init", "-q", "-b", "main", "--object-format=sha256", path]);
  const commit = (message: string, files: Readonly<Record<string, string>>, from?: Oid): Oid => {
    if (from !== undefined) o.git.git(["checkout", "-q", "--detach", from], { cwd: path });
    return o.git.commit(message, files, path) as Oid;
  };
  const base = commit("base", { "a.txt": "a\n" });
  const one = commit("one", { "one.txt": "1\n" }, base);
  const mine = commit("mine", { "mine.txt": "m\n" }, base);
  const again = commit("again", { "one.txt": "1\n", "two.txt": "2\n" }, base);
  const same = commit("the same", { "one.txt": "1\n" }, commit("other", { "o.txt": "o\n" }, base));
  const repo = await reopen(path);
  using hub = await openHub(repo);
  const head = commitOf(await bringIn(hub, { head: mine, commits: [{ commit: one, message: "in" }] }));
  const replacements = [{ from: one, to: again, message: "again" }];
  const replaced = commitOf(await replaceCommits(hub, { head, replacements }));
  expect(replaced).toMatch(/^[0-9a-f]{64}$/);
  const names = o.git.git(["ls-tree", "--name-only", replaced], { cwd: path }).split("\n");
  expect(names).toEqual(["a.txt", "mine.txt", "one.txt", "two.txt"]);
  expect(await containedIn(repo, { commits: [one, again, same], head: replaced })).toEqual(new Set([one, again]));
  expect(await findRewritten(repo, { tip: same, commits: [one] })).toEqual(new Map([[one, same]]));
});

test("in a shallow clone what is there is composed as in a whole one", async () => {
  using o = await opened({ "a.txt": "a\n" });
  o.git.commit("second", { "b.txt": "b\n" });
  const path = join(o.git.path, "shallow");
  o.git.git(["clone", "-q", "--depth=1", `file://${o.git.path}`, path]);
  const on = (from: string, files: Readonly<Record<string, string>>): Oid => {
    o.git.git(["checkout", "-q", "--detach", from], { cwd: path });
    return o.git.commit("work", files, path) as Oid;
  };
  const [one, mine, again] = [
    on("origin/main", { "one.txt": "1\n" }),
    on("origin/main", { "mine.txt": "m\n" }),
    on("origin/main", { "one.txt": "uno\n" }),
  ];
  const repo = await reopen(path);
  using hub = await openHub(repo);
  const head = commitOf(await bringIn(hub, { head: mine, commits: [{ commit: one, message: "in" }] }));
  const replacements = [{ from: one, to: again, message: "again" }];
  const replaced = commitOf(await replaceCommits(hub, { head, replacements }));
  expect(o.git.git(["cat-file", "blob", `${replaced}:one.txt`], { cwd: path })).toBe("uno");
});
