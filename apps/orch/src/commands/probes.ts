import { printable, printableLine } from "@orchard/kernel";
import {
  type Gap,
  type GapSeverity,
  knownProbes,
  type Orchard,
  type Probed,
  runProbes,
  wantedProbes,
} from "@orchard/workflow";
import { Command } from "commander";
import { type Answer, define, type Surroundings } from "../command.ts";
import { driving } from "../driving.ts";
import { parseCount } from "../options.ts";

interface Options {
  readonly agent?: string | undefined;
  readonly maxParallel?: number | undefined;
  readonly allowRedBase?: boolean | undefined;
  readonly dryRun?: boolean;
}

export function probes(exit: { code: number }): Command {
  const command = new Command("probes")
    .description("Look for what is missing: each probe runs in a lane of its own, and the results land together.")
    .argument("[names...]", "these probes only; without a name all of them run")
    .option("--max-parallel <n>", "how many probes at the same time", parseCount)
    .option("--agent <name>", "agent for probes by prompt that name none")
    .option("--allow-red-base", "on a base that is red already, land results that add no failure")
    .option("--dry-run", "only say which probes would run, and how");
  return define(command, exit, {
    example: "orch probes todo docs",
    writes: true,
    action: async (surroundings, names: readonly string[], options: Options) => {
      const orchard = await surroundings.orchard();
      return options.dryRun === true ? list(orchard, names) : probesNow(surroundings, orchard, { ...options, names });
    },
  });
}

/** Runs the probes and tells what they found; also what `resume` does, which goes on with a run that has begun. */
export async function probesNow(
  surroundings: Surroundings,
  orchard: Orchard,
  options: Options & { readonly names: readonly string[]; readonly goOn?: boolean },
): Promise<Answer> {
  const { config } = await orchard.config();
  const { agent, maxParallel, allowRedBase, goOn } = options;
  const names = await wantedProbes(orchard, options.names);
  const probed = await driving(
    surroundings,
    orchard,
    { command: ["probes", ...names].join(" "), options: { agent, maxParallel, allowRedBase } },
    (driver) =>
      runProbes(driver, {
        names,
        agent,
        maxParallel: maxParallel ?? config.maxParallel,
        allowRedBase,
        ...(goOn === undefined ? {} : { goOn }),
      }),
  );
  const isDone = probed.probes.every(({ kind }) => kind === "done");
  return { data: probed, text: sentence(surroundings, probed), exitCode: isDone ? 0 : 1 };
}

async function list(orchard: Orchard, names: readonly string[]): Promise<Answer> {
  const known = await knownProbes(orchard);
  const wanted = await wantedProbes(orchard, names);
  const data = wanted.map((probe) => ({ probe, runs: how(known.get(probe)) }));
  return { data: { probes: data }, text: data.map(({ probe, runs }) => `→ ${probe} would run: ${runs}\n`).join("") };
}

function how(
  setting: Awaited<ReturnType<typeof knownProbes>> extends ReadonlyMap<string, infer How> ? How | undefined : never,
): string {
  if (setting === undefined || setting === "built-in" || setting === "off") return setting ?? "unknown";
  if (typeof setting === "object" && "prompt" in setting) {
    return setting.agent === undefined ? "an agent" : `agent ${printableLine(setting.agent, 60)}`;
  }
  return `command ${printableLine(typeof setting === "string" ? setting : setting.join(" "), 80)}`;
}

const SEVERITIES: readonly GapSeverity[] = ["high", "medium", "low"];
/** The others are in the reports. */
const SHOWN = 10;

function sentence({ paint }: Surroundings, { probes: outcomes, reading, base }: Probed): string {
  const names = new Set(outcomes.map(({ probe }) => probe));
  const gaps = reading.results.filter(({ probe }) => names.has(probe)).flatMap((result) => result.gaps);
  const gravest = SEVERITIES.flatMap((severity) => gaps.filter((gap) => gap.severity === severity));
  const others = reading.findings.filter(
    ({ file }) => !outcomes.some(({ probe, kind }) => kind !== "done" && file.endsWith(`/${probe}.json`)),
  );
  const failed = outcomes.find(({ kind }) => kind !== "done");
  const lines = [
    ...outcomes.map((outcome) =>
      outcome.kind === "done"
        ? paint.green(`✓ ${outcome.probe}: ${outcome.gaps === 0 ? "nothing is missing" : plural(outcome.gaps)}`)
        : paint.red(`✗ ${outcome.probe}: ${outcome.kind}, ${printable(outcome.reason)}`),
    ),
    ...others.map(({ file, message }) =>
      paint.yellow(`warning: ${printableLine(file)} is not used: ${printable(message)}`),
    ),
    ...gravest.slice(0, SHOWN).map((gap) => line(gap)),
    ...(gravest.length > SHOWN ? [`  … and ${gravest.length - SHOWN} more, in docs/_generated`] : []),
    ...(base.kind === "behind"
      ? [
          paint.yellow(`Landed, not yet in your checkout: ${base.why}`),
          "Next: commit or stash what is in the way, then: orch sync",
        ]
      : [failed === undefined ? "Next: orch plan" : `Next: orch why probe-${failed.probe}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function plural(gaps: number): string {
  return `${gaps} ${gaps === 1 ? "gap" : "gaps"}`;
}

function line({ severity, title, id }: Gap): string {
  return `  ${severity.padEnd(6)} ${printableLine(title, 120)}  (${id})`;
}
