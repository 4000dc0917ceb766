import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIE_AT_CALL, startNode } from "@orchard/testkit";
import { lanesInOrder } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { examine } from "../../src/index.ts";
import { grown } from "../grown.ts";
import { type Garden, garden } from "../harness.ts";
import { testPorts } from "../ports.ts";

const LONG = process.env["ORCHARD_LONG"] === "1";

test("a doctor killed half-way harms nothing, and the next one puts everything in order", async () => {
  await using g = await planted();
  const picture = await pictureOf(g);
  let isOver = false;
  // Each cut is a process of its own: the short form visits some, the long form all.
  for (let at = LONG ? 1 : 4; !isOver; at += LONG ? 1 : 29) {
    await breakAll(g, at);
    const options = `--import ${pathToFileURL(DIE_AT_CALL).href}`;
    const { code, signal } = await doctor(g, { NODE_OPTIONS: options, ORCHARD_DIE_AT: String(at) }).ended;
    isOver = code === 0;
    if (!isOver) expect(signal).toBe("SIGKILL");
    await requireInOrder(g, picture, `killed before step ${at}`);
  }
}, 600_000);

test("doctors at once end well together, and leave the same as one", async () => {
  await using g = await planted();
  const picture = await pictureOf(g);
  await breakAll(g, 0);
  const all = [1, 2, 3].map(() => doctor(g));
  const ends = await Promise.all(all.map(({ ended }) => ended));
  expect(all.map((one) => one.stderr()).join("")).toBe("");
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(all.flatMap((one) => JSON.parse(one.stdout()))).toEqual([]);
  await requireInOrder(g, picture, "at once");
}, 120_000);

test("negative control: a repair that cuts the journal where it is damaged is noticed by the same check", async () => {
  await using g = await planted();
  const picture = await pictureOf(g);
  await g.orchard[Symbol.asyncDispose]();
  const bytes = readFileSync(newestSegment(g));
  writeFileSync(newestSegment(g), bytes.subarray(0, bytes.indexOf('{"v":1,"seq":4,')));
  writeFileSync(g.place.trackerFile, "");
  await expect(requireInOrder(g, picture, "cut")).rejects.toThrow();
}, 60_000);

async function planted(): Promise<Garden> {
  const g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await grown(g, "b", { "b.txt": "1" });
  writeFileSync(join(g.worktree("a"), "uncommitted.txt"), "work\n");
  await g.orchard.store.refreshViews();
  return g;
}

/** What must be the same whatever a doctor did, or was kept from doing. */
async function pictureOf(g: Garden): Promise<unknown> {
  await g.reopen();
  const { trouble } = await g.orchard.folded();
  return {
    trouble: trouble?.code,
    lanes: lanesInOrder(await g.tracker()).map(({ id, state, work, worktree }) => ({ id, state, work, worktree })),
    refs: g.repo.git(["for-each-ref", "refs/heads", "refs/orch/landed"]),
    uncommitted: readFileSync(join(g.worktree("a"), "uncommitted.txt"), "utf8"),
    status: g.repo.git(["status", "--porcelain"], { cwd: g.worktree("a") }),
  };
}

/** A byte of the journal, a worktree's place, a view and the excludes at once. */
async function breakAll(g: Garden, round: number): Promise<void> {
  await g.orchard[Symbol.asyncDispose]();
  const path = newestSegment(g);
  const bytes = readFileSync(path);
  const at = bytes.indexOf('"seq":3,') + 60 + (round % 50);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  renameSync(g.worktree("a"), join(g.place.worktreesDir, "moved away"));
  writeFileSync(g.place.trackerFile, `{"edited": ${round}}`);
  writeFileSync(join(g.repo.path, ".git", "info", "exclude"), "");
}

async function requireInOrder(g: Garden, picture: unknown, when: string): Promise<void> {
  const { findings } = await examine(g.place, testPorts(), { repair: true, by: "test" });
  const after = await examine(g.place, testPorts(), { repair: false, by: "test" });
  expect({ when, healthy: after.isHealthy, picture: await pictureOf(g) }, JSON.stringify(findings)).toEqual({
    when,
    healthy: true,
    picture,
  });
}

function newestSegment({ place }: Garden): string {
  const folder = join(place.stateDir, "journal");
  const names = readdirSync(folder).filter((name) => /^000000000001(\.\d+)?\.ndjson$/.test(name));
  const generation = (name: string) => Number(/\.(\d+)\.ndjson$/.exec(name)?.[1] ?? 0);
  return join(folder, names.sort((a, b) => generation(a) - generation(b)).at(-1) ?? "");
}

function doctor(g: Garden, env: NodeJS.ProcessEnv = {}) {
  return startNode(join(import.meta.dirname, "programs", "doctor.ts"), [g.repo.path], { env });
}
