import { execFileSync, spawnSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gitRepo, temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { findPlace, setUpSeed } from "../../src/index.ts";

/** The monitor's entry point is in Python; where there is none it cannot be run. */
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const NAMES = ["worktree_orchestrate.sh", "monitor_orchestration.py"];

test("the entry points are written once, and an old version of them is brought up to date", async () => {
  using repo = gitRepo();
  const place = findPlace(repo.path);
  expect(await setUpSeed(place)).toEqual({ written: NAMES, unchanged: [] });
  expect(await setUpSeed(place)).toEqual({ written: [], unchanged: NAMES });
  const script = join(repo.path, "worktree_orchestrate.sh");
  writeFileSync(script, `${repo.read("worktree_orchestrate.sh")}# an older line\n`);
  expect(await setUpSeed(place)).toEqual({ written: [NAMES[0]], unchanged: [NAMES[1]] });
});

test.each<[string, (path: string) => void]>([
  ["somebody's own script", (path) => writeFileSync(path, "#!/bin/sh\necho mine\n")],
  ["a link", (path) => symlinkSync("/etc/hostname", path)],
])("%s under such a name stays, and nothing is written beside it", async (_what, make) => {
  using repo = gitRepo();
  make(join(repo.path, "monitor_orchestration.py"));
  await expect(setUpSeed(findPlace(repo.path))).rejects.toMatchObject({ code: "NOT_OUR_SCRIPT" });
  expect(repo.git(["status", "--porcelain"])).toBe("?? monitor_orchestration.py");
});

test.runIf(hasPython)(
  "what they are given reaches orch unchanged, from any folder, and they say when there is no orch",
  async () => {
    using repo = gitRepo({ "sub/a.txt": "" });
    using bin = temporaryFolder();
    await setUpSeed(findPlace(repo.path));
    const told = 'printf "%s|" "$@" "$(basename "$PWD")"';
    writeFileSync(join(bin.path, "orch"), `#!/bin/sh\n${told}\n`, { mode: 0o755 });
    const run = (program: string, args: readonly string[], path: string) =>
      spawnSync(program, args, { cwd: join(repo.path, "sub"), encoding: "utf8", env: { PATH: path } });
    const withOrch = `${bin.path}:/usr/bin:/bin`;
    const lane = `{"tasks": ["it's \\"quoted\\""]}`;
    const sh = run("../worktree_orchestrate.sh", ["add-lane", "x", lane], withOrch);
    expect(sh.stdout).toBe(`add-lane|x|${lane}|sub|`);
    const tracker = join(repo.path, ".orchestration", "tracker.json");
    const py = run("python3", ["../monitor_orchestration.py", "--tracker", tracker, "--web"], withOrch);
    expect(py.stdout).toBe("monitor|repo|");
    expect(py.stderr).toContain("no web monitor yet");
    for (const [program, ...args] of [
      ["../worktree_orchestrate.sh", "init"],
      ["python3", "../monitor_orchestration.py"],
    ]) {
      const without = run(program ?? "", args, "/usr/bin:/bin");
      expect(without.status).toBe(1);
      expect(without.stderr).toContain("orch is not on your PATH");
    }
  },
);

test.runIf(hasPython)("both are programs in their languages", async () => {
  using repo = gitRepo();
  await setUpSeed(findPlace(repo.path));
  execFileSync("sh", ["-n", join(repo.path, "worktree_orchestrate.sh")]);
  execFileSync("python3", [
    "-c",
    "import ast, sys; ast.parse(open(sys.argv[1]).read())",
    join(repo.path, NAMES[1] ?? ""),
  ]);
});
