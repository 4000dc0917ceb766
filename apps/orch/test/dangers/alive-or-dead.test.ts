import { join } from "node:path";
import { readAttempt } from "@orchard/agent-runner";
import { isSystemError } from "@orchard/kernel";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { requireSound } from "../support/checks.ts";
import { type Field, field } from "../support/field.ts";
import { resume } from "../support/walk.ts";

/** Which of a lane's two processes is killed; the driver is common to all lanes. */
const LANES = [
  { id: "none", supervisor: false, agent: false },
  { id: "agent", supervisor: false, agent: true },
  { id: "supervisor", supervisor: true, agent: false },
  { id: "both", supervisor: true, agent: true },
];

test.each([false, true])(
  "supervisor and agent alive or dead, driver dead: %s, every lane's work is done once and lands",
  async (driverDies) => {
    await using one = await field();
    await one.addLanes(LANES);
    for (const { id } of LANES) one.hold(id);
    const driver = one.start(["execute"]);
    await until("all agents work", () => new Set(one.runs().map(({ lane }) => lane)).size === LANES.length);
    if (driverDies) driver.child.kill("SIGKILL");
    for (const lane of LANES) {
      const { supervisor, agent } = await processesOf(one, lane.id);
      if (lane.supervisor) process.kill(supervisor, "SIGKILL");
      if (lane.agent) process.kill(agent, "SIGKILL");
    }
    for (const { id } of LANES) one.release(id);
    const end = await driver.ended;
    expect(end).toEqual(driverDies ? { code: null, signal: "SIGKILL" } : { code: 0, signal: null });
    await resume(one);
    await one.orch(["merge"]);
    await requireSound(one);
    const begun = Object.fromEntries(LANES.map(({ id }) => [id, countOf(one, id, "begin")]));
    expect(begun).toEqual({ none: 1, agent: 2, supervisor: 1, both: 2 });
    expect(LANES.map(({ id }) => countOf(one, id, "done"))).toEqual([1, 1, 1, 1]);
    for (const { id } of LANES) expect(one.repo.read(`out/${id}.txt`)).toBe(`work of ${id}\n`);
  },
  300_000,
);

test("a supervisor killed the moment that its start is on record costs the lane no attempt", async () => {
  await using one = await field({ attempts: 1 });
  const lanes = ["a", "b", "c", "d"];
  await one.addLanes(lanes.map((id) => ({ id })));
  const driver = one.start(["execute"]);
  for (const id of lanes) {
    const { supervisor } = await one.seen(({ type, lane }) => type === "attempt-started" && lane === id);
    killIfThere((supervisor as { readonly pid: number }).pid);
  }
  expect(await driver.ended).toEqual({ code: 0, signal: null });
  expect(lanes.map((id) => countOf(one, id, "done"))).toEqual([1, 1, 1, 1]);
  await requireSound(one);
}, 300_000);

/** On a busy machine a supervisor may have done its work and left before we come. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!isSystemError(error, "ESRCH")) throw error;
  }
}

function countOf(one: Field, lane: string, what: string): number {
  return one.runs().filter((run) => run.lane === lane && run.what === what).length;
}

async function processesOf(one: Field, lane: string) {
  const token = one.runs().find((run) => run.lane === lane)?.attempt ?? "";
  const { supervisor, agent } = await readAttempt(join(one.repo.path, ".git", "orch", "attempts", token));
  if (supervisor === undefined || agent === undefined) throw new Error(`lane ${lane} has no processes`);
  return { supervisor: supervisor.pid, agent: agent.pid };
}
