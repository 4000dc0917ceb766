import { printableLine } from "@orchard/kernel";
import type { DriverOptions } from "@orchard/tracker-core";
import {
  type Executed,
  type FullRun,
  foreseePlan,
  laneView,
  type Orchard,
  type Probed,
  runFull,
  wantedProbes,
} from "@orchard/workflow";
import { Command } from "commander";
import { type Answer, define, type Surroundings } from "../command.ts";
import { driving } from "../driving.ts";
import { parseCount } from "../options.ts";
import { executedCode } from "./execute.ts";
import { landingAnswer } from "./merge.ts";
import { planData, planLines } from "./plan.ts";

interface Options {
  readonly agent?: string | undefined;
  readonly maxParallel?: number | undefined;
  readonly allowRedBase?: boolean | undefined;
  readonly dryRun?: boolean;
}

export function full(exit: { code: number }): Command {
  const command = new Command("full")
    .description("Probes, plan, execute and merge as one run; cut off anywhere, orch resume goes on with it.")
    .option("--max-parallel <n>", "how many lanes at the same time", parseCount)
    .option("--agent <name>", "agent for lanes and probes that name none")
    .option("--allow-red-base", "on a base that is red already, land what adds no failure")
    .option("--dry-run", "only say which probes would run, and what would be planned as things stand");
  return define(command, exit, {
    example: "orch full --agent claude",
    writes: true,
    action: async (surroundings, options: Options) => {
      const orchard = await surroundings.orchard();
      return options.dryRun === true ? foresee(surroundings, orchard) : fullNow(surroundings, orchard, options);
    },
  });
}

/** Runs all phases and tells how they ended; also what `resume` does (`goOn`). */
export async function fullNow(
  surroundings: Surroundings,
  orchard: Orchard,
  options: DriverOptions & { readonly goOn?: boolean },
): Promise<Answer> {
  const { config } = await orchard.config();
  const { agent, maxParallel, allowRedBase, goOn } = options;
  const told = { agent, maxParallel, allowRedBase };
  const done = await driving(surroundings, orchard, { command: "full", options: told }, (driver) =>
    runFull(driver, { ...told, maxParallel: maxParallel ?? config.maxParallel, goOn }),
  );
  return answerOf(surroundings, orchard, done);
}

function fullData({ run, probed, planned, executed, landing, nothingToDo }: FullRun) {
  return {
    run,
    nothing_to_do: nothingToDo,
    probes: probed?.probes ?? null,
    plan: planned === undefined ? null : planData(planned, { isDry: false }),
    executed: executed ?? null,
    landing: landing ?? null,
  };
}

async function answerOf(surroundings: Surroundings, orchard: Orchard, done: FullRun): Promise<Answer> {
  const { probed, planned, executed, landing, nothingToDo } = done;
  const landed = landing && (await landingAnswer(surroundings, orchard, landing));
  const isPlanShown = planned !== undefined && (!nothingToDo || planned.findings.length > 0);
  const lines = [
    ...(probed === undefined ? [] : probeLines(surroundings, probed)),
    ...(isPlanShown ? planLines(surroundings, planned, { isDry: false }) : []),
    ...(executed === undefined ? [] : notDone(surroundings, executed)),
    nothingToDo ? NOTHING_TO_DO : (landed?.text.trimEnd() ?? "The run had come to its end. See: orch status"),
  ];
  return {
    data: fullData(done),
    text: `${lines.filter((line) => line !== "").join("\n")}\n`,
    exitCode: fullCode(done, landed?.exitCode ?? 0),
  };
}

const NOTHING_TO_DO = "Nothing to do: no gap, no open task, no lane that waits.";

/** Lanes that are done are told of where they land. */
function notDone({ paint }: Surroundings, { failed, stopped, blocked }: Executed): readonly string[] {
  return [
    ...failed.map((lane) => paint.red(`✗ ${lane} failed: orch why ${lane}`)),
    ...stopped.map((lane) => paint.yellow(`⊗ ${lane} was stopped: orch retry ${lane}`)),
    ...blocked.map((lane) => paint.yellow(`⊗ ${lane} is blocked: orch why ${lane}`)),
  ];
}

function probeLines({ paint }: Surroundings, { probes }: Probed): readonly string[] {
  return probes.map((each) =>
    each.kind === "done"
      ? paint.green(`✓ probe ${each.probe}: ${each.gaps} ${each.gaps === 1 ? "gap" : "gaps"}`)
      : paint.red(`✗ probe ${each.probe} ${each.kind}: ${printableLine(each.reason, 300)}`),
  );
}

/** What came last counts first: a conflict of landing before a lane that failed, that before a probe. */
function fullCode({ probed, executed }: FullRun, landed: number): number {
  const probes = probed?.probes.every(({ kind }) => kind === "done") === false ? 1 : 0;
  return [landed, executed === undefined ? 0 : executedCode(executed), probes].find((code) => code !== 0) ?? 0;
}

async function foresee(surroundings: Surroundings, orchard: Orchard): Promise<Answer> {
  const probes = await wantedProbes(orchard, []);
  const planned = await foreseePlan(orchard);
  const lines = [
    `These probes would run: ${probes.join(", ")}`,
    "As things stand, before they have:",
    ...planLines(surroundings, planned, { isDry: true }),
  ];
  return { data: { probes, lanes: planned.lanes.map(laneView), dry_run: true }, text: `${lines.join("\n")}\n` };
}
