import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type NodeProcess, startNode, tried, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { startRewriter, withFile } from "./rewriters.ts";
import { acknowledgedIn, duplicatesIn, missingFrom, newJournal, recordedIn } from "./updates.ts";

const ROUNDS = process.env["ORCHARD_LONG"] === "1" ? 50 : 4;
/** Longer than the stale time of the control's lock, which is 2 s. */
const STOPPED_MS = 2600;

test("writers that were stopped for longer than any lock lasts overwrite nothing when they go on", async ({ task }) => {
  tried(task, ROUNDS);
  using folder = await newJournal();
  const writers = [0, 1, 2].map((n) =>
    startNode(join(import.meta.dirname, "writer.ts"), ["--folder", folder.path, "--name", `w${n}`]),
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    await stopForLong(writers, round % 2 === 0 ? 1 : 2);
  }
  const { acknowledged, ids } = await judged(writers, async () => (await recordedIn(folder.path)).ids);
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(missingFrom(ids, acknowledged)).toEqual([]);
  expect(duplicatesIn(ids)).toEqual([]);
}, 900_000);

test("negative control: with a plain lock a writer that goes on overwrites what others were told is there", async () => {
  using control = withFile();
  const outputs: NodeProcess[] = [];
  for (let n = 0; n < 3; n += 1) startRewriter(control.file, outputs, { lock: "plain", pause: 150 });
  let lost: readonly string[] = [];
  for (let round = 0; round < 8 && lost.length === 0; round += 1) {
    await stopForLong(outputs, 1);
    await pause(500);
    const acknowledged = outputs.flatMap((each) => acknowledgedIn(each.stdout()));
    lost = missingFrom(JSON.parse(readFileSync(control.file, "utf8")) as string[], acknowledged);
  }
  await endAll(outputs);
  expect(lost).not.toEqual([]);
}, 300_000);

/** Stops some of the writers in the middle of their work, lets the others go on past the stale time, then continues them. */
async function stopForLong(writers: readonly NodeProcess[], count: number): Promise<void> {
  await until("all work", () => writers.every((each) => each.stdout().includes("+")));
  const stopped = [...writers].sort(() => Math.random() - 0.5).slice(0, count);
  for (const each of stopped) {
    await pause(Math.random() * 100);
    each.child.kill("SIGSTOP");
  }
  await pause(STOPPED_MS);
  for (const each of stopped) each.child.kill("SIGCONT");
  await pause(100);
}

async function judged(writers: readonly NodeProcess[], read: () => Promise<readonly string[]>) {
  await endAll(writers);
  expect(writers.map((each) => each.stderr()).join("")).toBe("");
  return { acknowledged: writers.flatMap((each) => acknowledgedIn(each.stdout())), ids: await read() };
}

async function endAll(writers: readonly NodeProcess[]): Promise<void> {
  for (const each of writers) {
    each.child.kill("SIGKILL");
    await each.ended;
  }
}
