import { resolve } from "node:path";
import { printable, printableLine } from "@orchard/kernel";
import {
  foreseePlan,
  laneView,
  type Orchard,
  PLAN_FILE,
  PLAN_REPORT,
  type Planned,
  planLanes,
  requireUnedited,
} from "@orchard/workflow";
import { Command, Option } from "commander";
import { type Answer, define, type Surroundings } from "../command.ts";
import { driving } from "../driving.ts";
import { readGiven } from "../read-given.ts";

interface Options {
  readonly agent?: string | undefined;
  readonly from?: string | undefined;
  readonly fresh?: boolean | undefined;
  readonly dryRun?: boolean;
}

export function plan(exit: { code: number }): Command {
  const command = new Command("plan")
    .description("Turn what the probes found and what specs leave open into lanes; lanes added by hand stay.")
    .addOption(
      new Option("--agent <name>", "let this agent draft the plan; the draft is checked and can run nothing").conflicts(
        ["from", "dryRun"],
      ),
    )
    .option("--from <file>", "take this plan (also an edited one); - is standard input")
    .option("--fresh", "plan anew although the last plan was edited; the edited file is kept")
    .option("--dry-run", "only show the plan");
  return define(command, exit, {
    example: "orch plan --dry-run",
    writes: true,
    action: async (surroundings, options: Options) => {
      const orchard = await surroundings.orchard();
      if (options.dryRun !== true) return planNow(surroundings, orchard, options);
      const from = options.from === undefined ? undefined : await readGiven(options.from);
      return answer(surroundings, await foreseePlan(orchard, { from }), { isDry: true, isGiven: from !== undefined });
    },
  });
}

/** Runs the plan phase and tells how it came out; also what `resume` does. */
export async function planNow(surroundings: Surroundings, orchard: Orchard, options: Options): Promise<Answer> {
  const from = options.from === undefined ? undefined : await readGiven(options.from);
  const { fresh, agent } = options;
  // What is refused is refused before anything is on record.
  if (from !== undefined) await foreseePlan(orchard, { from });
  else if (fresh !== true) await requireUnedited(orchard.place);
  // Whoever goes on with it may stand in another folder.
  const path = options.from === undefined || options.from === "-" ? options.from : resolve(options.from);
  const planned = await driving(
    surroundings,
    orchard,
    { command: "plan", options: { from: path, fresh, agent } },
    (driver) => planLanes(driver, { from, fresh, agent }),
  );
  return answer(surroundings, planned, { isDry: false, isGiven: from !== undefined });
}

/** How a plan came about: only shown; given, and not made out of gaps and tasks. */
interface How {
  readonly isDry: boolean;
  readonly isGiven?: boolean;
}

function answer(surroundings: Surroundings, planned: Planned, how: How): Answer {
  const { isDry } = how;
  const next =
    planned.lanes.length + planned.others.length === 0 ? [] : [`Next: ${isDry ? "orch plan" : "orch execute"}`];
  const lines = [...planLines(surroundings, planned, how), ...next];
  return { data: planData(planned, { isDry }), text: `${lines.join("\n")}\n` };
}

/** The plan for programs. */
export function planData(planned: Planned, { isDry }: { readonly isDry: boolean }) {
  return {
    base: planned.base,
    commit: planned.commit,
    lanes: planned.lanes.map(laneView),
    added: planned.added,
    withdrawn: planned.withdrawn,
    other_lanes: planned.others.map(({ id }) => id),
    covered: planned.covered,
    findings: planned.findings,
    kept_aside: planned.keptAside ?? null,
    plan: isDry ? null : PLAN_FILE,
    dry_run: isDry,
  };
}

/** The plan for people, lane by lane. */
export function planLines(
  { paint }: Pick<Surroundings, "paint">,
  planned: Planned,
  { isDry, isGiven = false }: How,
): readonly string[] {
  const { lanes, others, withdrawn, findings, covered, keptAside } = planned;
  const rows = lanes.map(({ lane, definition }) => {
    const { name, priority, dependsOn, spec } = definition;
    const after = dependsOn.length === 0 ? "" : paint.dim(`, after ${dependsOn.join(", ")}`);
    const of = spec === undefined ? "" : ` of ${printableLine(spec, 64)}`;
    return `○ ${lane}  ${printableLine(name ?? "", 80)}${paint.dim(of)} (${priority}${after})`;
  });
  return [
    ...findings.map((finding) => paint.yellow(`warning: ${printable(finding)}`)),
    ...(lanes.length === 0
      ? [isGiven ? "The plan that was given has no lane." : nothing(planned)]
      : [`${isDry ? "The plan would have" : "Planned"} ${count(lanes.length, "lane")}:`, ...rows]),
    ...(withdrawn.length === 0
      ? []
      : [`${isDry ? "Would be taken" : "Taken"} out, not begun yet: ${withdrawn.join(", ")}`]),
    ...(others.length === 0 ? [] : [`Beside it: ${others.map(({ id }) => id).join(", ")}`]),
    ...(covered === 0 ? [] : [`${count(covered, "gap or task has", "gaps and tasks have")} a lane already`]),
    ...(keptAside === undefined ? [] : [`The edited plan is kept as ${keptAside}`]),
    ...(isDry ? [] : [`See it: ${PLAN_REPORT}`]),
  ];
}

function nothing({ covered }: Planned): string {
  return covered === 0
    ? "Nothing to plan: no probe that has landed reports a gap, and no spec has an open task. Look anew: orch probes"
    : "Nothing new to plan.";
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
