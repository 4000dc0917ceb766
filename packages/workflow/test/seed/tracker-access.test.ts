import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { placeTrackerAccess } from "../../src/seed/place-tracker-access.ts";
import { TRACKER_ACCESS, trackerAccess } from "../../src/seed/tracker-access.ts";
import { commits, garden } from "../harness.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const RUNNERS = [
  ...(hasPython ? [["access_tracker.py", "python3"] as const] : []),
  ["access_tracker.mjs", process.execPath] as const,
];

test("every lane's worktree has the seed's helpers, which git does not see and no commit sweeps up", async () => {
  await using g = await garden();
  await g.add("docs", { command: commits({ "guide.md": "guide" }) });
  await g.execute();
  const worktree = g.worktree("docs");
  for (const name of TRACKER_ACCESS) expect(existsSync(join(worktree, name))).toBe(true);
  expect(g.repo.git(["status", "--porcelain"], { cwd: worktree })).toBe("");
  g.repo.git(["add", "-A"], { cwd: worktree });
  expect(g.repo.git(["diff", "--cached", "--name-only"], { cwd: worktree })).toBe("");
});

test("a file of the project and a link under their names stay as they are", async () => {
  await using g = await garden({ files: { "access_tracker.py": "print('mine')\n" } });
  using elsewhere = temporaryFolder();
  const target = join(elsewhere.path, "outside.txt");
  writeFileSync(target, "kept");
  symlinkSync(target, join(g.repo.path, "access_tracker.mjs"));
  await placeTrackerAccess(g.orchard, g.repo.path);
  expect(g.repo.read("access_tracker.py")).toBe("print('mine')\n");
  expect(readFileSync(target, "utf8")).toBe("kept");
});

test.each(RUNNERS)(
  "%s asks and tells the tracker of the worktree in which it lies, from any folder",
  (name, runner) => {
    using folder = temporaryFolder();
    const helper = join(folder.path, name);
    const bin = join(folder.path, "bin's");
    writeFileSync(helper, trackerAccess(name, bin));
    spawnSync("mkdir", [bin]);
    writeFileSync(join(bin, "orbit-agent"), `#!/bin/sh\nprintf '%s|' "$@" "$PWD"\n[ "$2" = get ] || exit 3\n`, {
      mode: 0o755,
    });
    const run = (...args: readonly string[]) =>
      spawnSync(runner, [helper, "/any/tracker.json", ...args], {
        cwd: "/",
        encoding: "utf8",
        env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
      });
    expect(run().stdout).toBe(`tracker|get|${folder.path}|`);
    const update = `{"lanes": {"it's": {"progress": "50 % $HOME"}}}`;
    const told = run(update);
    expect(told.stdout).toBe(`tracker|update|${update}|${folder.path}|`);
    expect(told.status).toBe(3);
  },
);

test.runIf(hasPython)("the helper in Python needs nothing but Python 3", () => {
  const checks = "import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 6))";
  const { status } = spawnSync("python3", ["-c", checks], { input: trackerAccess("access_tracker.py", undefined) });
  expect(status).toBe(0);
});
