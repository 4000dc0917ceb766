import type { LaneId } from "@orchard/kernel";
import {
  beginProbes,
  changePhase,
  isLanded,
  type Lane,
  lanesInOrder,
  requireLane,
  waitsToLand,
} from "@orchard/tracker-core";
import { interrupted } from "../errors.ts";
import { executeLanes } from "../execute/execute-lanes.ts";
import { bringBaseIn } from "../land/bring-base-in.ts";
import { type Followed, followBase } from "../land/follow-base.ts";
import { landInTurn, settleIntendedLandings } from "../land/land-lanes.ts";
import { landTogether } from "../land/land-together.ts";
import type { Driver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { probeOff, unknownProbe } from "./errors.ts";
import { knownProbes } from "./known-probes.ts";
import { probeDefinition, probeLane } from "./probe-lane.ts";
import { type ProbeReading, readProbeResults } from "./read-probe-results.ts";
import { refuseOccupied } from "./refuse-occupied.ts";

/** What a person chose for this run of probes; at most `maxParallel` run at a time. */
export interface ProbeOptions {
  /** Which probes; absent or empty: all that are not switched off. */
  readonly names?: readonly string[];
  readonly maxParallel: number;
  /** For probes by prompt that name no agent. */
  readonly agent?: string | undefined;
  /** Go on with the run that a driver left, where one has begun, in place of beginning anew. */
  readonly goOn?: boolean;
  /** On a base that is red already, results land when they add no failure. */
  readonly allowRedBase?: boolean | undefined;
}

/** What probes that were run came to. */
export interface Probed {
  /** By probe, in the order in which they are listed. */
  readonly probes: readonly ProbeOutcome[];
  /** Everything that has landed, also of probes that were not run now. */
  readonly reading: ProbeReading;
  readonly base: Followed;
}

/** How one probe ended: with so many gaps in a result that has landed, or why not, in words. */
export type ProbeOutcome =
  | { readonly probe: string; readonly kind: "done"; readonly gaps: number }
  | { readonly probe: string; readonly kind: "failed" | "stopped" | "blocked" | "not landed"; readonly reason: string };

/**
 * Phase 1: runs probes side by side, each as a lane of its own from the newest base, and lands their results together. A
 * second run refreshes them. One that fails leaves what an earlier run of it found, and the others go on.
 * Throws `UNKNOWN_PROBE`, `PROBE_OFF`, `PROBE_OCCUPIED`, `RED_BASE`, `BASE_CONFLICT`, and `INTERRUPTED` when the person interrupts.
 */
export async function runProbes(driver: Driver, options: ProbeOptions): Promise<Probed> {
  const { orchard } = driver;
  const names = await wantedProbes(orchard, options.names ?? []);
  const goesOn = options.goOn === true && (await hasBegun(orchard, names));
  if (!goesOn) await refuseOccupied(orchard, names);
  await settleIntendedLandings(driver);
  if (!goesOn) await begin(driver, names, options);
  const lanes = new Set(names.map(probeLane));
  if (await hasWork(orchard, lanes)) {
    const { agent, maxParallel } = options;
    await executeLanes(driver, { agent, maxParallel, only: lanes, phase: 1 });
  }
  const waits = await land(driver, lanes, options);
  if (driver.interrupted.aborted) throw interrupted(0);
  const base = await followBase(driver);
  const reading = await readProbeResults(orchard);
  const tracker = await orchard.tracker();
  const probes = names.map((probe) => outcomeOf(probe, requireLane(tracker, probeLane(probe)), { ...reading, waits }));
  const status = probes.every(({ kind }) => kind === "done") ? "completed" : "failed";
  await driver.record("probes: ended", (now) => changePhase(now, { phase: 1, status }));
  return { probes, reading, base };
}

/** The names that were given, each once, or all that are on. */
export async function wantedProbes(orchard: Orchard, given: readonly string[]): Promise<readonly string[]> {
  const known = await knownProbes(orchard);
  if (given.length === 0) return [...known].filter(([, how]) => how !== "off").map(([name]) => name);
  for (const name of given) {
    const how = known.get(name);
    if (how === undefined) throw unknownProbe(name, [...known.keys()]);
    if (how === "off") throw probeOff(name);
  }
  return [...new Set(given)];
}

/** Whether a run of just these was under way when its driver ended: its lanes are added with its first record. */
async function hasBegun(orchard: Orchard, names: readonly string[]): Promise<boolean> {
  const { phase, status, lanes } = await orchard.tracker();
  return phase === 1 && status === "running" && names.every((name) => Object.hasOwn(lanes, probeLane(name)));
}

async function begin(driver: Driver, names: readonly string[], { allowRedBase }: ProbeOptions): Promise<void> {
  await bringBaseIn(driver, { allowRedBase });
  const { config } = await driver.orchard.config();
  const lanes = names.map((probe) => ({ lane: probeLane(probe), definition: probeDefinition(probe) }));
  await driver.record(`probes: ${names.join(", ")}`, (tracker) =>
    beginProbes(tracker, { lanes, attempts: config.attempts }),
  );
}

async function hasWork(orchard: Orchard, lanes: ReadonlySet<LaneId>): Promise<boolean> {
  return lanesInOrder(await orchard.tracker()).some((lane) => lanes.has(lane.id) && !isOver(lane));
}

function isOver({ state }: Lane): boolean {
  return state === "completed" || state === "failed" || state === "stopped";
}

/** Why those wait that did not land, by lane. */
async function land(
  driver: Driver,
  lanes: ReadonlySet<LaneId>,
  { allowRedBase }: ProbeOptions,
): Promise<ReadonlyMap<LaneId, string>> {
  const { orchard } = driver;
  const waiting = async () =>
    lanesInOrder(await orchard.tracker())
      .filter((lane) => lanes.has(lane.id) && waitsToLand(lane))
      .map(({ id }) => id);
  const ids = await waiting();
  const waits = new Map<LaneId, string>();
  if (ids.length === 0 || driver.interrupted.aborted) return waits;
  await bringBaseIn(driver, { allowRedBase });
  await landTogether(driver, ids);
  for (const id of await waiting()) {
    if (driver.interrupted.aborted) break;
    const outcome = await landInTurn(driver, id, { allowRedBase });
    if (outcome.kind === "waits") waits.set(id, outcome.reason);
  }
  return waits;
}

function outcomeOf(
  probe: string,
  lane: Lane,
  { results, findings, waits }: ProbeReading & { readonly waits: ReadonlyMap<LaneId, string> },
): ProbeOutcome {
  if (isLanded(lane)) {
    const result = results.find((each) => each.probe === probe);
    if (result !== undefined) return { probe, kind: "done", gaps: result.gaps.length };
    const why = findings.find(({ file }) => file.endsWith(`/${probe}.json`))?.message;
    return { probe, kind: "not landed", reason: why ?? "its result is not in what has landed" };
  }
  const { merge, failure, state } = lane;
  if (merge?.state === "rejected") return { probe, kind: "not landed", reason: merge.reason };
  if (merge?.state === "conflicted") {
    return { probe, kind: "not landed", reason: `it conflicts in ${merge.conflict.files.join(", ")}` };
  }
  if (state === "failed") return { probe, kind: "failed", reason: failure?.reason ?? "it failed" };
  if (state === "stopped") return { probe, kind: "stopped", reason: failure?.reason ?? "it was stopped" };
  return {
    probe,
    kind: state === "completed" ? "not landed" : "blocked",
    reason: waits.get(lane.id) ?? `it is ${state}`,
  };
}
