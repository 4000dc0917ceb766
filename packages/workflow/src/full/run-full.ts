import {
  changePhase,
  endRun,
  endRunPhase,
  isLanded,
  lanesInOrder,
  type Phase,
  startRun,
  type Tracker,
  type WorkflowRun,
} from "@orchard/tracker-core";
import { interrupted } from "../errors.ts";
import { type Executed, executeLanes, somethingFollows } from "../execute/execute-lanes.ts";
import { type Landing, landLanes } from "../land/land-lanes.ts";
import type { Driver } from "../orchard/driver.ts";
import { requireUnedited } from "../plan/plan-files.ts";
import { type Planned, planLanes } from "../plan/plan-lanes.ts";
import { type Probed, runProbes } from "../probes/run-probes.ts";

/** What a person chose for all phases of a run; at most `maxParallel` agents work at a time. */
export interface FullOptions {
  readonly maxParallel: number;
  /** Agent for lanes and probes that name none. */
  readonly agent?: string | undefined;
  /** Go on with the open run, where there is one, in place of beginning anew. */
  readonly goOn?: boolean | undefined;
  /** On a base that is red already, lanes count as done and land when they add no failure. */
  readonly allowRedBase?: boolean | undefined;
}

/** What each phase came to; one that an earlier driver had brought to its end is absent. */
export interface FullRun {
  readonly run: string;
  readonly probed?: Probed | undefined;
  readonly planned?: Planned | undefined;
  readonly executed?: Executed | undefined;
  readonly landing?: Landing | undefined;
  /** No gap, no open task, no lane that waits. */
  readonly nothingToDo: boolean;
}

/**
 * Probes, plan, execute and merge as one run. What each phase is done with is on record, and each takes up what a dead
 * driver left of it, so that a run which was cut off anywhere goes on where it stopped. A probe or a lane that fails keeps
 * nobody else from landing. What stops a phase as a whole (a red base, no agent) is thrown and leaves the run open; a lane
 * that is tried again, or added, before somebody goes on with it is executed and lands with the others.
 */
export async function runFull(driver: Driver, options: FullOptions): Promise<FullRun> {
  const { maxParallel, agent, allowRedBase } = options;
  const before = (await driver.orchard.tracker()).run;
  // Its driver died between the end of the run and its own.
  const isOver = before?.endedAt !== undefined && before.epoch === driver.epoch - 1;
  if (options.goOn === true && isOver) return { run: before.run, nothingToDo: false };
  const { run } = await openRun(driver, options.goOn === true);
  const probed = await inTurn(driver, run, 1, () =>
    runProbes(driver, { maxParallel, agent, goOn: true, allowRedBase }),
  );
  const planned = await inTurn(driver, run, 2, () => planLanes(driver, { run }));
  const tracker = await driver.orchard.tracker();
  const nothingToDo = !isBehind(tracker, 3) && !hasWork(tracker);
  const goesOn = somethingFollows((await driver.orchard.folded()).state);
  const execute = () => executeLanes(driver, { maxParallel, agent, allowRedBase });
  const executed = await inTurn(driver, run, 3, execute, goesOn);
  const landing = await inTurn(driver, run, 4, () => landLanes(driver, { allowRedBase }), executed !== undefined);
  await driver.record("full: ended", (now) => endRun(now, { run, outcome: now.status }));
  return { run, probed, planned, executed, landing, nothingToDo };
}

/** The run that is open for whoever goes on with it; any other begins anew, from the first phase. */
async function openRun(driver: Driver, goesOn: boolean): Promise<Pick<WorkflowRun, "run">> {
  const { run } = await driver.orchard.tracker();
  if (goesOn && run !== undefined && run.endedAt === undefined) return run;
  await requireUnedited(driver.orchard.place);
  const begun = { run: driver.orchard.ports.token(), workflow: "full" } as const;
  await driver.record("full: begins", (tracker) => ({
    // Before the first phase: which phase is recorded from here on tells how far this run is.
    facts: [...startRun(tracker, begun).facts, ...changePhase(tracker, { phase: 0, status: "running" }).facts],
    outcome: null,
  }));
  return begun;
}

async function inTurn<Result>(
  driver: Driver,
  run: string,
  phase: Phase,
  work: () => Promise<Result>,
  again = false,
): Promise<Result | undefined> {
  if (driver.interrupted.aborted) throw interrupted(0);
  const isOver = !again && isBehind(await driver.orchard.tracker(), phase);
  const result = isOver ? undefined : await work();
  await driver.record(`full: phase ${phase} is done`, (tracker) => endRunPhase(tracker, { run, phase }));
  return result;
}

/** Also where its driver died between the phase's last record and the run's own. */
function isBehind({ run, phase: at, status }: Tracker, phase: Phase): boolean {
  return run?.done.includes(phase) === true || (at === phase && status !== "running");
}

function hasWork(tracker: Tracker): boolean {
  return lanesInOrder(tracker).some(({ definition, ...lane }) => {
    const isOurs = definition.probe === undefined && definition.draft !== true;
    return isOurs && !isLanded({ definition, ...lane });
  });
}
