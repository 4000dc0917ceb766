import { join } from "node:path";
import { startNode } from "@orchard/testkit";
import { lanesInOrder } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { type Probed, runProbes } from "../../src/index.ts";
import { contentAt, type Garden, garden } from "../harness.ts";

/** A probe that counts how often it ran, outside of the repository, and finds the same thing each time. */
const counting = (name: string) =>
  `echo . >> "$ORCH_REPO/../ran-${name}"; echo '{"probe": "${name}", "gaps": [{"id": "${name}.x", "title": "x"}]}' > "$ORCH_PROBE_RESULT"`;
const CONFIG = { probes: { one: counting("one"), two: counting("two") } };

/** Facts of a run of two probes, in the order in which they come. */
const POINTS: readonly (readonly [moment: "before" | "after", fact: string, nth?: string])[] = [
  ["before", "lane-added"],
  ["after", "landing-intended"],
  ...(process.env["ORCHARD_LONG"] === "1" ? longForm() : []),
];

function longForm(): readonly (readonly ["before" | "after", string, string?])[] {
  return [
    ["after", "lane-added"],
    ["after", "lane-completed", "1"],
    ["after", "lane-preparing", "2"],
    ["after", "worktree-ready", "1"],
    ["before", "attempt-intended", "2"],
    ["after", "attempt-intended", "1"],
    ["after", "work-judged", "1"],
    ["before", "landing-intended"],
    ["before", "lane-landed"],
    ["after", "lane-landed"],
  ];
}

test.each(POINTS)(
  "killed %s %s, a run of probes goes on where it was: each ran once, each result landed",
  async (...point) => {
    await using here = await garden({ config: CONFIG });
    await runUntilKilled(here, point);
    const probed = await goOn(here, true);
    expect(probed.probes).toEqual([
      { probe: "one", kind: "done", gaps: 1 },
      { probe: "two", kind: "done", gaps: 1 },
    ]);
    expect(timesRun(here)).toEqual({ one: 1, two: 1 });
    expect(lanesInOrder(await here.tracker()).map(({ merge }) => merge?.state)).toEqual(["landed", "landed"]);
    expect(here.repo.git(["rev-list", "--count", "--grep", "^Land probe-", "main"])).toBe("2");
    expect(here.repo.git(["status", "--porcelain"])).toBe("");
  },
);

test("control: a run that is begun anew after the kill does again what was done", async () => {
  await using here = await garden({ config: CONFIG });
  await runUntilKilled(here, ["after", "landing-intended"]);
  await goOn(here, false);
  expect(timesRun(here)).not.toEqual({ one: 1, two: 1 });
});

async function runUntilKilled(here: Garden, words: readonly (string | undefined)[]): Promise<void> {
  const args = ["probes", ...words.filter((word) => word !== undefined)];
  const driver = startNode(join(import.meta.dirname, "../lanes/driver.ts"), args, { cwd: here.repo.path });
  expect(await driver.ended, driver.stderr()).toMatchObject({ signal: "SIGKILL" });
  await here.reopen();
}

function goOn(here: Garden, isSame: boolean): Promise<Probed> {
  return here.drive((driver) => runProbes(driver, { names: ["one", "two"], maxParallel: 4, goOn: isSame }));
}

function timesRun(here: Garden): Readonly<Record<string, number>> {
  const count = (name: string) =>
    contentAt(join(here.repo.path, "..", `ran-${name}`))
      ?.trim()
      .split("\n").length ?? 0;
  return { one: count("one"), two: count("two") };
}
