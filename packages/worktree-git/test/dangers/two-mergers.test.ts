import { expect, test } from "vitest";
import { landedRef, type Oid } from "../../src/index.ts";
import { rounds, startProgram } from "../helpers/kill.ts";
import { commitOn, MAIN, type Opened, opened } from "../helpers/opened.ts";

const PROCESSES = 4;

async function landAll(o: Opened, mode: "fenced" | "blind"): Promise<readonly Oid[]> {
  const ref = landedRef(MAIN);
  const lanes = Array.from({ length: rounds(8, 16) }, (_, i) =>
    commitOn(o.git, `lane-${i}`, o.base, { [`lane ${i}.txt`]: `${i}\n` }),
  );
  await o.repo.createRef(ref, o.base, "landed");
  const children = Array.from({ length: PROCESSES }, (_, part) =>
    startProgram("land", [o.git.path, mode, ...lanes.filter((_, i) => i % PROCESSES === part)]),
  );
  for (const child of children) expect(await child.ended, child.stderr()).toEqual({ code: 0, signal: null });
  const landed = o.git.git(["rev-list", ref]).split("\n");
  return lanes.filter((lane) => !landed.includes(lane));
}

test("several processes that land at once lose no landing", async () => {
  using o = await opened();
  expect(await landAll(o, "fenced")).toEqual([]);
  expect(o.git.git(["rev-list", "--count", "--first-parent", `${o.base}..${landedRef(MAIN)}`])).toBe(
    String(rounds(8, 16)),
  );
  o.git.git(["fsck", "--strict"]);
});

test("control: moving the ref from wherever it is now loses landings", async () => {
  let lost = 0;
  for (let round = 0; round < 8 && lost === 0; round += 1) {
    using o = await opened();
    lost += (await landAll(o, "blind")).length;
  }
  expect(lost).toBeGreaterThan(0);
});
