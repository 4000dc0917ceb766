import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import { isActive, lanesInOrder } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { retryLane, stopLanes } from "../../src/index.ts";
import { type Garden, garden } from "../harness.ts";

const ROUNDS = process.env["ORCHARD_LONG"] === "1" ? 60 : 8;
const LANES = ["a", "b"];

/** An agent that notices another one at work in its lane, and then works a moment and commits. */
function watchful(folder: string, id: string): string {
  const pid = join(folder, `${id}.pid`);
  const alone = `if [ -e '${pid}' ] && kill -0 "$(cat '${pid}')" 2>/dev/null; then touch '${folder}/two-at-once'; fi`;
  return `${alone}; echo $$ > '${pid}'; sleep 0.3; date +%s%N >> ${id}.txt; git add -A; git commit -qm ${id}`;
}

/** What people may do at any moment; a refusal that says why is an answer, a fault is not. */
async function meddle(g: Garden, round: number): Promise<void> {
  const { id } = await g.lane(LANES[round % LANES.length] ?? "a");
  try {
    if (round % 3 === 0) await stopLanes(g.orchard, id, "meddling");
    else await retryLane(g.orchard, id, { fresh: round % 4 === 1 });
  } catch (error) {
    if (!isOrchardError(error) || error.kind === "internal") throw error;
  }
}

test("whoever stops and retries while execute runs, no lane has two agents and the driver meets no fault", async () => {
  await using g = await garden({ config: { attempts: 1 } });
  const folder = join(g.place.stateDir, "watch");
  mkdirSync(folder);
  for (const id of LANES) await g.add(id, { command: watchful(folder, id) });
  let done = false;
  const driving = (async () => {
    while (!done) await g.execute();
  })();
  const meddling = (async () => {
    for (let round = 0; round < ROUNDS; round++) await meddle(g, round);
    done = true;
  })();
  await Promise.all([driving, meddling]);
  expect(existsSync(join(folder, "two-at-once"))).toBe(false);

  for (const id of LANES) await retryLane(g.orchard, (await g.lane(id)).id, { fresh: true }).catch(() => undefined);
  await g.execute();
  const tracker = await g.tracker();
  expect(lanesInOrder(tracker).filter(isActive)).toEqual([]);
  expect((await g.merge()).landed.length).toBe(LANES.length);
});

test("negative control: two agents in one lane are noticed", async () => {
  await using g = await garden();
  const folder = join(g.place.stateDir, "watch");
  mkdirSync(folder);
  const first = spawn("sh", ["-c", `echo $$ > '${folder}/a.pid'; exec sleep 1000`]);
  await once(first, "spawn");
  try {
    await g.add("a", { command: `while [ ! -e '${folder}/a.pid' ]; do sleep 0.05; done; ${watchful(folder, "a")}` });
    await g.execute();
    expect(existsSync(join(folder, "two-at-once"))).toBe(true);
  } finally {
    first.kill("SIGKILL");
    await once(first, "exit");
  }
});
