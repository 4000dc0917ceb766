import { existsSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gitRepo, startNode, temporaryFolder, until } from "../src/index.ts";

test("a repository is real, in a path with spaces, and gone when its scope ends", () => {
  let path = "";
  {
    using repo = gitRepo({ "a.txt": "1\n", "b/c.txt": "2\n" });
    path = repo.path;
    expect(path).toContain(" ");
    expect(repo.git(["ls-files"])).toBe("a.txt\nb/c.txt");
    const commit = repo.commit("second", { "a.txt": "3\n" });
    expect(repo.git(["log", "--format=%H %an %s", "-1"])).toBe(`${commit} Ada Tester second`);
    expect(repo.read("a.txt")).toBe("3\n");
  }
  expect(existsSync(path)).toBe(false);
});

test("a repository does not follow the caller's GIT_ variables", () => {
  process.env["GIT_DIR"] = join(tmpdir(), "somebody-else");
  try {
    using repo = gitRepo();
    expect(repo.git(["rev-parse", "--show-toplevel"])).toBe(repo.path);
  } finally {
    delete process.env["GIT_DIR"];
  }
});

test("the same repository twice has the same commits", () => {
  using one = gitRepo();
  using other = gitRepo();
  expect(one.git(["rev-parse", "HEAD"])).toBe(other.git(["rev-parse", "HEAD"]));
});

test("a script runs from its TypeScript source, and its output and end are known", async () => {
  using folder = temporaryFolder();
  expect(realpathSync(folder.path)).toBe(folder.path);
  const script = join(folder.path, "script.ts");
  writeFileSync(script, 'const word: string = process.argv[2] ?? "";\nconsole.log(word);\nprocess.exitCode = 3;\n');
  const started = startNode(script, ["a word"]);
  expect(await started.ended).toEqual({ code: 3, signal: null });
  expect(started.stdout()).toBe("a word\n");
});

test("waiting ends with the first value, or says what it waited for", async () => {
  let asked = 0;
  expect(await until("three", () => (++asked === 3 ? "yes" : undefined), { every: 1 })).toBe("yes");
  await expect(until("a miracle", () => false, { within: 20, every: 1 })).rejects.toThrow("a miracle");
});
