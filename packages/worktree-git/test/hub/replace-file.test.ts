import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openHub, parseOid } from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";

test.each([undefined, "sha256" as const])("one file's content is replaced and nothing else (%s)", async (format) => {
  const files = { "a.txt": "a\n", "b/c/d.txt": "d\n", "b/c.txt": "c\n", "b/run.sh": "run\n" };
  using o = await opened(files, format === undefined ? {} : { format });
  o.git.git(["update-index", "--chmod=+x", "b/run.sh"]);
  o.git.git(["commit", "-qm", "may be run"]);
  using hub = await openHub(o.repo);
  const head = parseOid(o.git.git(["rev-parse", "HEAD"]));
  const before = await hub.treeOf(head);
  const tree = await hub.replaceFile({ tree: head, path: "b/run.sh", content: Buffer.from([0, 0xff, 10]) });
  expect(o.git.git(["diff-tree", "-r", "--name-status", before, tree!])).toBe("M\tb/run.sh");
  expect(o.git.git(["ls-tree", tree!, "b/run.sh"])).toContain("100755 blob");
  expect(await hub.fileAt(tree!, "b/run.sh")).toEqual(Buffer.from([0, 0xff, 10]));
  expect(await hub.replaceFile({ tree: tree!, path: "b/run.sh", content: Buffer.from("run\n") })).toBe(before);
  expect(o.git.git(["fsck", "--strict", "--no-dangling"])).toBe("");
});

test("a path that is no file is not replaced", async () => {
  using o = await opened({ "b/c.txt": "c\n" });
  symlinkSync("b", join(o.git.path, "link"));
  const head = parseOid(o.git.commit("a link"));
  using hub = await openHub(o.repo);
  for (const path of ["b", "link", "link/c.txt", "none", "b/none", "b/c.txt/d", "", "b/"]) {
    expect(await hub.replaceFile({ tree: head, path, content: Buffer.from("x") })).toBeUndefined();
    expect(await hub.fileAt(head, path)).toBeUndefined();
  }
});
