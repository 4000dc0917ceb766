import { statSync } from "node:fs";
import { livenessOf, type ProcessIdentity, systemClock } from "@orchard/host";
import { attemptFiles } from "../attempt/attempt-files.ts";
import type { AttemptPlan } from "../attempt/attempt-plan.ts";
import { readStop } from "../attempt/stop-request.ts";
import type { EventDeriver } from "../events/event-deriver.ts";
import { isChangedSince } from "./changed-since.ts";
import type { AgentExit } from "./launch.ts";
import { beginning, look, reached } from "./lived-time.ts";
import { TreeSensor } from "./tree-sensor.ts";
import { WakeUp } from "./wake-up.ts";

export interface Watched {
  /** Why the watch is over: the agent ended, or it shall. */
  readonly verdict: "gone" | "stopped" | "idle" | "overtime";
  readonly reason?: string;
  /** How it ended; absent when it has not, or when it is not our child. */
  readonly exit?: AgentExit;
  /** Who belonged to its tree. */
  readonly known: readonly ProcessIdentity[];
}

export interface WatchOptions {
  readonly plan: AttemptPlan;
  readonly agent: ProcessIdentity;
  readonly deriver: EventDeriver;
  /** Only for a child of ours. */
  readonly ended?: Promise<AgentExit>;
  /** Aborted when the supervisor itself is told to end. */
  readonly told: AbortSignal;
}

/** How often we look at least: a stop request is obeyed within this. */
const LOOK_MS = 1000;
/** Reading the process table costs some ms, so it is done more rarely. */
const TREE_MS = 5000;
/** Output is taken in at most so often, so that a busy agent does not keep us busy. */
const DERIVE_MS = 100;
/** Steps of about 128 KiB between two looks at everything else. */
const STEPS = 32;

/** Watches a running agent until it ends, is to be stopped or reaches a limit, and takes its output in meanwhile. */
export async function watchAgent({ plan, agent, deriver, ended, told }: WatchOptions): Promise<Watched> {
  using bell = new WakeUp();
  bell.watch(attemptFiles(plan.folder).control);
  let exit: AgentExit | undefined;
  void ended?.then((how) => {
    exit = how;
    bell.call();
  });
  told.addEventListener("abort", bell.call, { once: true });

  const sensor = new TreeSensor(agent);
  const lookMs = Math.min(LOOK_MS, plan.limits.idleMs / 4, plan.limits.totalMs / 4);
  const treeMs = Math.min(TREE_MS, plan.limits.idleMs / 4);
  let time = beginning(systemClock.sinceBoot());
  let output = outputOf(plan);
  let activeAt = Date.now();
  let treeAt = Number.NEGATIVE_INFINITY;

  for (;;) {
    const over = (verdict: Watched["verdict"], reason?: string): Watched => ({
      verdict,
      known: sensor.known,
      ...(reason === undefined ? {} : { reason }),
      ...(exit === undefined ? {} : { exit }),
    });
    if (exit !== undefined || (ended === undefined && livenessOf(agent) === "dead")) return over("gone");
    const stop = readStop(plan.folder);
    if (stop !== undefined) return over("stopped", stop.reason);
    if (told.aborted) return over("stopped", "The supervisor was told to end.");

    const hasOutput = deriver.step();
    for (let more = 1; hasOutput && more < STEPS && deriver.step(); more += 1);
    const now = systemClock.sinceBoot();
    const size = outputOf(plan);
    let isActive = hasOutput || size !== output;
    output = size;
    if (now - treeAt >= treeMs) {
      isActive = sensor.isBusy(Math.min(now - treeAt, TREE_MS)) || isActive;
      treeAt = now;
    }
    if (isActive) activeAt = Date.now();
    time = look(time, now, isActive, lookMs);
    const limit = reached(time, plan.limits);
    if (limit === "overtime") return over("overtime", `It ran for ${seconds(plan.limits.totalMs)}.`);
    if (limit === "idle") {
      if (!(await isChangedSince(plan.cwd, activeAt))) {
        return over("idle", `No output, processor time or changed file for ${seconds(plan.limits.idleMs)}.`);
      }
      activeAt = Date.now();
      time = { ...time, quiet: 0 };
    }
    await bell.sleep(hasOutput ? DERIVE_MS : lookMs);
  }
}

function outputOf(plan: AttemptPlan): number {
  const { raw, rawErrors } = attemptFiles(plan.folder);
  return [raw, rawErrors].reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
