import { type LaneId, parseLaneId, printable } from "@orchard/kernel";
import { mergeOrder } from "@orchard/scheduler";
import { requireLane, waitsToLand } from "@orchard/tracker-core";
import { type Landing, landLanes, laneGraph, type Orchard, requireLandable, whyNotDone } from "@orchard/workflow";
import { Command, Option } from "commander";
import { type Answer, define, type Surroundings } from "../command.ts";
import { driving } from "../driving.ts";
import { howVerified } from "../terminal/event-line.ts";

interface Options {
  readonly resolve?: "hand" | undefined;
  readonly allowRedBase?: boolean | undefined;
  readonly acceptReverts?: readonly LaneId[] | undefined;
  readonly dryRun?: boolean;
}

export function merge(exit: { code: number }): Command {
  const command = new Command("merge")
    .description("Land completed lanes: merged, verified on the combined tree, then the base branch moves.")
    .argument("[lane]", "only this lane")
    .addOption(
      new Option("--resolve <who>", "make a worktree for each conflict, with the merge in progress").choices(["hand"]),
    )
    .option("--allow-red-base", "on a base that is red already, land what adds no failure")
    .option("--accept-revert <lane>", "let this lane take back what others landed; may be given again", lanesNamed, [])
    .option("--dry-run", "only say what would land, and in which order");
  return define(command, exit, {
    example: "orch merge --resolve hand",
    writes: true,
    action: async (surroundings, lane: string | undefined, given: Given) => {
      const orchard = await surroundings.orchard();
      const { acceptRevert, ...options } = given;
      if (options.dryRun === true) return plan(orchard, lane);
      return mergeNow(surroundings, orchard, { ...options, acceptReverts: acceptRevert, lane });
    },
  });
}

interface Given extends Omit<Options, "acceptReverts"> {
  readonly acceptRevert: readonly LaneId[];
}

function lanesNamed(text: string, before: readonly LaneId[]): readonly LaneId[] {
  return [...before, parseLaneId(text)];
}

/** Runs the merge phase and tells how it ended; also what `resume` does. */
export async function mergeNow(
  surroundings: Surroundings,
  orchard: Orchard,
  options: Options & { readonly lane?: string | undefined },
): Promise<Answer> {
  const only = options.lane === undefined ? undefined : parseLaneId(options.lane);
  const tracker = await orchard.tracker();
  requireLandable(tracker, { resolve: options.resolve, only });
  const { resolve, allowRedBase, acceptReverts } = options;
  for (const lane of acceptReverts ?? []) requireLane(tracker, lane);
  const told = { resolve, allowRedBase, ...(acceptReverts?.length ? { acceptReverts } : {}) };
  const landing = await driving(
    surroundings,
    orchard,
    { command: only === undefined ? "merge" : `merge ${only}`, options: told },
    (driver) => landLanes(driver, { ...told, only }),
  );
  return landingAnswer(surroundings, orchard, landing);
}

/** How a merge phase ended. */
export async function landingAnswer(surroundings: Surroundings, orchard: Orchard, landing: Landing): Promise<Answer> {
  const { notAccepted } = await orchard.config();
  const waits = notAccepted.some(({ key }) => key === "verify");
  const advice = waits
    ? "accept the verify command in orch.config.jsonc: orch doctor --accept"
    : 'give a verify command: "verify" in orch.config.jsonc, then orch doctor --accept';
  return { data: landing, text: sentence(surroundings, landing, advice), exitCode: exitCode(landing) };
}

async function plan(orchard: Orchard, lane: string | undefined): Promise<Answer> {
  const tracker = await orchard.tracker();
  const only = lane === undefined ? undefined : requireLane(tracker, lane).id;
  const done = Object.values(tracker.lanes).filter(
    (one) => waitsToLand(one) && (only === undefined || one.id === only),
  );
  const order = mergeOrder(
    laneGraph(tracker),
    done.map(({ id }) => id),
  );
  const why = only && (await whyNotDone(orchard, only));
  if (only !== undefined && why !== undefined)
    return { data: { order, waiting: [{ lane: only, reason: why }] }, text: `○ ${only} waits: ${why}\n`, exitCode: 3 };
  const text =
    order.length === 0 ? "Nothing would land.\n" : `${order.map((id, index) => `${index + 1}. ${id}`).join("\n")}\n`;
  return { data: { order }, text };
}

function sentence(
  { paint }: Surroundings,
  { landed, conflicted, rejected, waiting, layers, base }: Landing,
  unverifiedAdvice: string,
): string {
  const lines = [
    ...landed.map((each) => paint.green(`✓ ${each.lane} landed as ${each.commit.slice(0, 10)}${howVerified(each)}`)),
    ...conflicted.map(({ lane, conflict, resolveIn, notBegun }) => {
      const others = conflict.with.length === 0 ? "what has landed" : conflict.with.join(", ");
      const where =
        resolveIn === undefined
          ? notBegun === undefined
            ? ""
            : `\n  no worktree could be made for it: ${printable(notBegun)}`
          : `\n  resolve it in ${resolveIn}: edit, git add, git merge --continue; then orch merge`;
      const why = conflict.reason === undefined ? "" : `\n  ${printable(conflict.reason)}`;
      return paint.yellow(`⊗ ${lane} conflicts with ${others} in ${conflict.files.join(", ")}${why}${where}`);
    }),
    ...rejected.map(({ lane, reason }) => paint.red(`✗ ${lane} not landed: ${reason}`)),
    ...waiting.map(({ lane, reason }) => `○ ${lane} waits: ${reason}`),
    ...layers.map(({ spec, layer, branch, waits }) =>
      waits === undefined
        ? paint.green(`✓ layer ${layer} of ${spec} landed (${branch})`)
        : paint.yellow(`⊗ layer ${layer} of ${spec} stays on ${branch}: ${printable(waits)}`),
    ),
  ];
  if (lines.length === 0) lines.push("Nothing to land.");
  if (landed.some(({ verified, onRedBase }) => !verified && onRedBase === undefined))
    lines.push(paint.yellow(`warning: landed unverified; ${unverifiedAdvice}`));
  if (base.kind === "behind")
    lines.push(
      paint.yellow(`Landed, not yet in your checkout: ${base.why}`),
      "Next: commit or stash what is in the way, then: orch sync",
    );
  else if (conflicted.some(({ resolveIn, notBegun }) => resolveIn === undefined && notBegun === undefined))
    lines.push("Next: orch merge --resolve hand");
  else if (conflicted.some(({ notBegun }) => notBegun !== undefined))
    lines.push("Next: clear what is in the way, then: orch merge --resolve hand");
  else if (conflicted.length > 0) lines.push("Next: resolve it there, then: orch merge");
  else if (waiting.some(({ isConflict }) => isConflict)) lines.push("Next: finish that, then: orch merge");
  else if (rejected.length > 0) lines.push(`Next: orch retry ${rejected[0]?.lane}`);
  else if (landed.length > 0) lines.push("Next: orch cleanup");
  return `${lines.join("\n")}\n`;
}

function exitCode({ conflicted, rejected, waiting, layers }: Landing): number {
  if (conflicted.length > 0 || waiting.some(({ isConflict }) => isConflict)) return 5;
  if (rejected.length > 0) return 1;
  return waiting.length > 0 || layers.some(({ waits }) => waits !== undefined) ? 3 : 0;
}
