import { expect, test } from "vitest";
import { commitEverything, committedFiles, foreignFiles, isPlainFile, openBlobs, parseOid } from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";

test("the files of a commit are told with what they are, and read without a checkout", async () => {
  using o = await opened({ "a b.txt": "one\n", "sub/ü.txt": "two\n", "sub/x/y": "3" });
  o.git.git(["update-index", "--add", "--cacheinfo", `120000,${o.git.git(["hash-object", "-w", "a b.txt"])},sub/link`]);
  o.git.git(["commit", "-qm", "link"]);
  const commit = parseOid(o.git.git(["rev-parse", "HEAD"]));
  o.git.write({ "a b.txt": "not committed" });
  const files = await committedFiles(o.repo, commit);
  expect(files.map(({ path, size }) => [path, size])).toEqual([
    ["a b.txt", 4],
    ["sub/link", 4],
    ["sub/x/y", 1],
    ["sub/ü.txt", 4],
  ]);
  expect(files.filter(isPlainFile)).toHaveLength(3);
  expect((await committedFiles(o.repo, commit, "sub/x")).map(({ path }) => path)).toEqual(["sub/x/y"]);
  using blobs = await openBlobs(o.repo);
  expect((await blobs.read(files[0]!.oid))?.toString()).toBe("one\n");
  expect(await blobs.read(parseOid("0".repeat(40)))).toBeUndefined();
});

test("what the repository itself ignores or marks is foreign, what only the person ignores is not", async () => {
  using o = await opened({
    ".gitignore": "built/\n",
    ".gitattributes": "third/** linguist-vendored\n*.gen.js linguist-generated=true\nkept.gen.js -linguist-generated\n",
    "a.js": "",
    "third/b.js": "",
    "c.gen.js": "",
    "kept.gen.js": "",
  });
  o.git.write({ "built/d.js": "", ".git/info/exclude": "a.js\n" });
  o.git.git(["add", "-f", "built/d.js"]);
  o.git.git(["commit", "-qm", "built"]);
  const commit = parseOid(o.git.git(["rev-parse", "HEAD"]));
  const paths = (await committedFiles(o.repo, commit)).map(({ path }) => path);
  expect([...(await foreignFiles(o.repo, o.git.path, paths))].sort()).toEqual(["built/d.js", "c.gen.js", "third/b.js"]);
});

test("of what stands in a work tree some files alone are committed, ignored ones too", async () => {
  using o = await opened({ ".gitignore": "docs/\n", "a.txt": "1\n" });
  const path = await o.addLane("x");
  o.git.write({ "docs/r.json": "{}", "docs/other": "", "a.txt": "2\n" }, path);
  const head = await commitEverything(o.repo, path, { message: "result\n", only: ["docs/r.json"] });
  expect((await o.repo.changedPaths(o.base, head!)).map((each) => each.path)).toEqual(["docs/r.json"]);
  expect(o.git.git(["status", "--porcelain"], { cwd: path })).toBe(" M a.txt");
});
