import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIE_AT_CALL, startNode, temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { openHub } from "../../src/index.ts";
import { type Opened, opened } from "../helpers/opened.ts";

/** The texts of commits that lie in the hub. */
function texts({ git }: Opened): readonly string[] {
  const folder = join(git.path, ".git", "orch", "hub.git", "commits-in-writing");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

async function commitOnce({ repo, base }: Opened): Promise<void> {
  using hub = await openHub(repo);
  await hub.commit({ tree: await hub.treeOf(base), parents: [base], message: "the next" });
}

test("killed at any step of writing a commit, nothing is left that the next writer does not remove", async () => {
  using o = await opened();
  using temporary = temporaryFolder();
  let left = 0;
  for (let step = 1; ; step += 1) {
    const env = {
      TMPDIR: temporary.path,
      NODE_OPTIONS: `--import ${pathToFileURL(DIE_AT_CALL).href}`,
      ORCHARD_DIE_AT: String(step),
    };
    const writer = startNode(join(import.meta.dirname, "programs", "write-commit.ts"), [o.git.path, o.base], { env });
    const { signal } = await writer.ended;
    expect(readdirSync(temporary.path)).toEqual([]);
    left += texts(o).length;
    for (const text of texts(o)) utimesSync(text, 1, 1);
    await commitOnce(o);
    expect(texts(o)).toEqual([]);
    if (signal !== "SIGKILL") {
      expect(writer.stdout()).toBe("written\n");
      break;
    }
  }
  // Control: there was something to remove.
  expect(left).toBeGreaterThan(0);
});

test("the text of a commit that somebody is writing now is left alone", async () => {
  using o = await opened();
  await commitOnce(o);
  const folder = join(o.git.path, ".git", "orch", "hub.git", "commits-in-writing");
  writeFileSync(join(folder, "another"), "tree …");
  await commitOnce(o);
  expect(readdirSync(folder)).toEqual(["another"]);
});
