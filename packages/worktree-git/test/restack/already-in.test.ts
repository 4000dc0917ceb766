import { expect, test } from "vitest";
import { alreadyIn, openHub, parseOid } from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";

test("work is in the base by ancestry, as the same content, as one commit with the same change, or not", async () => {
  using o = await opened({ "a.txt": "1\n2\n3\n4\n5\n6\n7\n8\n" });
  const { git, repo } = o;
  using hub = await openHub(repo);
  const branch = (name: string, commits: readonly Readonly<Record<string, string>>[]) => {
    git.git(["checkout", "-q", "-b", name, o.base]);
    for (const files of commits) git.commit(name, files);
    return parseOid(git.git(["rev-parse", "HEAD"]));
  };
  const merged = branch("merged", [{ "m.txt": "m" }]);
  const picked = branch("picked", [{ "p.txt": "p" }]);
  const squashed = branch("squashed", [{ "s.txt": "1\n" }, { "s.txt": "1\n2\n" }]);
  const other = branch("other", [{ "o.txt": "o" }]);
  git.git(["checkout", "-q", "main"]);
  git.git(["merge", "-q", "--no-ff", "-m", "merge", merged]);
  git.git(["cherry-pick", picked]);
  git.git(["merge", "-q", "--squash", squashed]);
  git.commit("squashed");
  // What came later in the same file: merging would conflict, or change something, and the change is there all the same.
  git.commit("later", { "s.txt": "1\n2 changed\n3\n" });
  const target = parseOid(git.git(["rev-parse", "HEAD"]));
  const how = (tip: typeof target) => alreadyIn(repo, hub, { tip, target });
  expect(await how(merged)).toBe("ancestor");
  expect(await how(picked)).toBe("tree");
  expect(await how(squashed)).toBe("patch");
  expect(await how(other)).toBe("no");
  git.git(["checkout", "-q", "--orphan", "unrelated"]);
  expect(await how(parseOid(git.commit("unrelated", { "u.txt": "u" })))).toBe("no");
});
