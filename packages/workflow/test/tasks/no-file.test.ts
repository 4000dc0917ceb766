import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nextTask, refreshSpecs } from "../../src/tasks/index.ts";
import { crew, SPEC, TASK_FILE } from "./crew.ts";

const TASKS = "# Tasks\n\n- [ ] T001 the first\n- [ ] T002 the second\n";

const NO_FILES: readonly (readonly [string, (path: string) => void])[] = [
  ["a folder", (path) => mkdirSync(path)],
  ["a pipe that nobody writes into", (path) => execFileSync("mkfifo", [path])],
  ["a link to itself", (path) => symlinkSync(path, path)],
  ["a link to nothing", (path) => symlinkSync("/nowhere/at all", path)],
  ["a link to a device without an end", (path) => symlinkSync("/dev/zero", path)],
];

test.each(NO_FILES)(
  "%s in the place of a task file is read as none: the base's definition counts",
  async (_what, make) => {
    await using orbit = await crew(TASKS);
    const { orchard, repo } = orbit.garden;
    const file = join(repo.path, TASK_FILE);
    rmSync(file);
    make(file);
    const { progress } = await refreshSpecs(orchard);
    expect(nextTask(progress, Object.keys(progress.specs), "anybody")?.task).toBe(undefined);
    rmSync(file, { recursive: true });
    repo.git(["checkout", "-q", "--", "specs"]);
    expect(nextTask((await refreshSpecs(orchard)).progress, [SPEC], "anybody")?.task).toBe("T001");
  },
);

test.each(NO_FILES)(
  "%s in the place of one that is on record changes nothing of what is on record",
  async (_what, make) => {
    await using orbit = await crew(TASKS);
    const { orchard, repo } = orbit.garden;
    await refreshSpecs(orchard);
    const file = join(repo.path, TASK_FILE);
    rmSync(file);
    make(file);
    expect(nextTask((await refreshSpecs(orchard)).progress, [SPEC], "anybody")?.task).toBe("T001");
  },
);

test.each(NO_FILES.filter(([what]) => what !== "a link to nothing"))(
  "%s in the place of the settings is refused by name",
  async (_what, make) => {
    await using orbit = await crew(TASKS);
    const file = join(orbit.garden.repo.path, "orch.config.jsonc");
    rmSync(file, { force: true });
    make(file);
    const orchard = await orbit.member("one").then(({ desk }) => desk.orchard);
    await expect(orchard.config()).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining(file),
    });
  },
);
