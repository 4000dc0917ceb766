import { type LaneId, OrchardError, parseLaneId } from "@orchard/kernel";
import { isActive, isWaiting, type Lane, lanesInOrder, requireLane, waitsToLand } from "@orchard/tracker-core";
import { type Executed, executeLanes, type Orchard, PLAN_FILE, whyEdited, whyLane } from "@orchard/workflow";
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

const ALLOW_RED_BASE = "on a base that is red already, work counts when it adds no failure";

export function execute(exit: { code: number }): Command {
  const command = new Command("execute")
    .description("Start every lane whose dependencies are done, and carry each to verified work.")
    .option("--max-parallel <n>", "how many lanes at the same time", parseCount)
    .option("--agent <name>", "agent for lanes that name none")
    .option("--allow-red-base", ALLOW_RED_BASE)
    .option("--dry-run", "only say what would start");
  return define(command, exit, {
    example: "orch execute --max-parallel 4 --agent claude",
    writes: true,
    action: async (surroundings, options: Options) => {
      const orchard = await surroundings.orchard();
      return options.dryRun === true ? plan(surroundings, orchard) : executeNow(surroundings, orchard, options);
    },
  });
}

export function execLane(exit: { code: number }): Command {
  const command = new Command("exec-lane")
    .description("Execute one lane now.")
    .argument("<id>", "the lane")
    .option("--agent <name>", "agent, when the lane names none")
    .option("--allow-red-base", ALLOW_RED_BASE)
    .option("--dry-run", "only say whether it would start");
  return define(command, exit, {
    example: "orch exec-lane docs",
    writes: true,
    action: async (surroundings, id: string, options: Options) => {
      const orchard = await surroundings.orchard();
      const lane = parseLaneId(id);
      await requireStartable(orchard, lane, surroundings.now);
      if (options.dryRun === true) return { data: { starts: [lane], waits: [] }, text: `→ ${lane} would start\n` };
      return executeNow(surroundings, orchard, options, lane);
    },
  });
}

/** Runs the execute phase and tells how it ended; also what `resume` does. */
export async function executeNow(
  surroundings: Surroundings,
  orchard: Orchard,
  options: Options,
  only?: LaneId,
): Promise<Answer> {
  const { config } = await orchard.config();
  await warnOfEditedPlan(surroundings, orchard);
  const command = only === undefined ? "execute" : `exec-lane ${only}`;
  const { agent, maxParallel, allowRedBase } = options;
  const told = { agent, maxParallel, allowRedBase };
  const executed = await driving(surroundings, orchard, { command, options: told }, (driver) =>
    executeLanes(driver, {
      ...told,
      maxParallel: maxParallel ?? config.maxParallel,
      ...(only === undefined ? {} : { only }),
    }),
  );
  const text = sentence(surroundings, executed, lanesInOrder(await orchard.tracker()));
  return { data: executed, text, exitCode: executedCode(executed) };
}

/** The tracker is what runs: an edit of the plan's file that was not taken changes nothing, and whoever made it should know. */
async function warnOfEditedPlan({ reporter }: Surroundings, { place }: Orchard): Promise<void> {
  const why = await whyEdited(place);
  if (why === undefined) return;
  const text = `${PLAN_FILE} ${why} and was not taken; the lanes are as they were planned before`;
  reporter.report({ type: "warning", text, hint: `Take it: orch plan --from ${PLAN_FILE}` });
}

async function requireStartable(orchard: Orchard, lane: LaneId, now: number): Promise<void> {
  const folded = (await orchard.folded()).state;
  const { tracker } = folded;
  const { state, merge } = requireLane(tracker, lane);
  const why = whyLane(folded, lane, now);
  if (isActive(requireLane(tracker, lane))) return;
  const ended = state === "completed" || state === "failed" || state === "stopped";
  // Whose turn it would be among many does not matter when one is named.
  if (!ended && why.waits.length === 0 && why.blockers.every(({ reason }) => reason === "turn")) return;
  throw new OrchardError({
    code: ended ? "LANE_ENDED" : "LANE_BLOCKED",
    kind: "state",
    message: why.sentence,
    hint: ended
      ? merge?.state === "landed"
        ? "Its work has landed; add a new lane for more."
        : `To try it again: orch retry ${lane}`
      : `Next: ${why.next ?? "orch status"}`,
    details: { lane, state, blockers: why.blockers, waits: why.waits },
  });
}

async function plan({ now, paint }: Surroundings, orchard: Orchard): Promise<Answer> {
  const { state } = await orchard.folded();
  const lanes = lanesInOrder(state.tracker).filter(isWaiting);
  const reasons = lanes.map(({ id }) => ({ id, ...whyLane(state, id, now) }));
  const starts = reasons.filter(({ blockers, waits }) => blockers.length + waits.length === 0).map(({ id }) => id);
  const waits = reasons
    .filter(({ id }) => !starts.includes(id))
    .map(({ id, sentence }) => ({ lane: id, why: sentence }));
  const lines = [...starts.map((id) => `${paint.cyan("→")} ${id} would start`), ...waits.map(({ why }) => `○ ${why}`)];
  return { data: { starts, waits }, text: `${lines.length === 0 ? "Nothing would start." : lines.join("\n")}\n` };
}

function sentence({ paint }: Surroundings, executed: Executed, lanes: readonly Lane[]): string {
  const { completed, failed, stopped, blocked, waiting } = executed;
  const parts = [
    ...(completed.length > 0 ? [paint.green(`✓ ${completed.length} done: ${completed.join(", ")}`)] : []),
    ...(failed.length > 0 ? [paint.red(`✗ ${failed.length} failed: ${failed.join(", ")}`)] : []),
    ...(stopped.length > 0 ? [paint.yellow(`⊗ ${stopped.length} stopped: ${stopped.join(", ")}`)] : []),
    ...(blocked.length > 0 ? [paint.yellow(`⊗ ${blocked.length} blocked: ${blocked.join(", ")}`)] : []),
    ...waiting.map(({ lane, reason }) => `  ${lane}: ${reason}`),
  ];
  if (parts.length === 0) return `There is nothing to execute. ${whatElse(lanes)}\n`;
  return `${parts.join("\n")}\nNext: ${nextOf(executed)}\n`;
}

function nextOf({ completed, failed, stopped }: Executed): string {
  if (failed.length > 0) return `orch why ${failed[0]}`;
  // What was stopped is tried again only when somebody asks for it.
  if (stopped.length > 0) return [...stopped.map((lane) => `orch retry ${lane}`), "orch execute"].join(", then ");
  return completed.length > 0 ? "orch merge" : "orch status";
}

/** What is left of earlier times, first what is nearest to its end. */
function whatElse(lanes: readonly Lane[]): string {
  const done = lanes.filter(waitsToLand).map(({ id }) => id);
  if (done.length > 0) return `Done before, and not landed: ${done.join(", ")}\nNext: orch merge`;
  const ended = lanes.filter(({ state }) => state === "failed" || state === "stopped").map(({ id }) => id);
  if (ended.length === 0) return "Add a lane: orch add-lane <id> <json>";
  return `Failed or stopped before: ${ended.join(", ")}\nNext: orch why ${ended[0]}; to try it again: orch retry ${ended[0]}`;
}

/** The exit code of an execute phase that ended so. */
export function executedCode({ failed, stopped, blocked }: Executed): number {
  if (failed.length > 0) return 1;
  return stopped.length + blocked.length > 0 ? 3 : 0;
}
