import { printable, printableLine } from "@orchard/kernel";
import {
  besideDriver,
  chooseOperations,
  readOperations,
  saidStep,
  type Undone,
  type UndoWish,
  undoOperations,
} from "@orchard/workflow";
import { Command, InvalidArgumentError } from "commander";
import { define, type Surroundings } from "../command.ts";
import { needsYes } from "../needs-yes.ts";
import { canAsk, confirm } from "../terminal/confirm.ts";

interface Options {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly revert?: boolean;
  readonly allowRedBase?: boolean;
}

export function undo(exit: { code: number }): Command {
  const command = new Command("undo")
    .description("Take back the last operation, the last n, or one by its id (orch log). An undo is an operation, too.")
    .argument("[n]", "how many, or the id of one", parseWish, { last: 1 })
    .option("--dry-run", "only say what would be taken back")
    .option("--yes", "do not ask")
    .option("--revert", "let a new commit take back what landed, also where the base could move back")
    .option("--allow-red-base", "on a base that is red already, let that commit land when it adds no failure");
  return define(command, exit, {
    example: "orch undo --dry-run",
    worksAfterReset: true,
    writes: true,
    action: async (surroundings, wish: UndoWish, options: Options) => {
      const { orchard, interruption } = surroundings;
      const opened = await orchard();
      const worker = besideDriver(opened, interruption.signal);
      const { dryRun = false, yes = false, revert = false, allowRedBase = false } = options;
      const asks = !dryRun && !yes;
      const asked = asTyped(wish, { revert, allowRedBase });
      if (asks && !canAsk()) {
        // An undo that was cut off is finished first, whatever is wished for.
        if ((await opened.tracker()).undoing === undefined) chooseOperations(await readOperations(opened), wish);
        throw needsYes(asked);
      }
      const agree = async (planned: Undone) => {
        if ((await confirm(`${told(planned, surroundings)}\nTake this back?`)) !== true) throw needsYes(asked);
      };
      const undone = await undoOperations(worker, wish, {
        dryRun,
        revert,
        allowRedBase,
        ...(asks ? { agree } : {}),
      });
      const isWhole = (undone.untaken ?? []).length === 0;
      return { data: dataOf(undone), text: `${told(undone, surroundings)}\n`, exitCode: isWhole ? 0 : 3 };
    },
  });
}

function asTyped(wish: UndoWish, options: { readonly revert: boolean; readonly allowRedBase: boolean }): string {
  const which = "operation" in wish ? ` ${wish.operation}` : wish.last === 1 ? "" : ` ${wish.last}`;
  return `orch undo${which}${options.revert ? " --revert" : ""}${options.allowRedBase ? " --allow-red-base" : ""}`;
}

/** A number, or the id of an operation. */
export function parseWish(text: string): UndoWish {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1) return { last: Number(text) };
  if (/^[a-z-]+-[0-9a-f]{8}$/.test(text) || /^record-\d+$/.test(text)) return { operation: text };
  throw new InvalidArgumentError("Give a number from 1 on, or the id of an operation as orch log prints it.");
}

function dataOf({ kind, plan, operations, why, rescue, isUnverified = false, untaken = [] }: Undone) {
  const { id, steps, landing } = plan;
  const said = steps.map((step) => ({ kind: step.kind, lane: step.lane, says: saidStep(step) }));
  return {
    kind,
    operation: id,
    undoes: plan.operations,
    operations,
    steps: said,
    landing,
    why,
    rescue,
    unverified: isUnverified,
    untaken,
  };
}

function told(undone: Undone, { paint }: Pick<Surroundings, "paint">): string {
  const { kind, plan, operations, why, rescue, isUnverified, untaken = [] } = undone;
  const would =
    kind === "planned"
      ? "Would take back"
      : kind === "finished"
        ? "Finished an undo that was cut off, of"
        : "Took back";
  const names =
    operations.length > 0 ? operations.map(({ id, what }) => `${id} (${printableLine(what, 80)})`) : plan.operations;
  const lines = [
    paint.bold(`${would} ${names.join(", ")}:`),
    ...plan.steps.map((step) => `  ${printable(saidStep(step))}`),
    ...landingLines(undone),
  ];
  if (why !== undefined) lines.push(paint.dim(`  not moved back: ${printableLine(why)}`));
  if (isUnverified === true) lines.push(paint.yellow("  not verified: there is no verify command"));
  for (const reason of untaken) lines.push(paint.yellow(`  not done: ${printableLine(reason, 300)}`));
  if (rescue !== undefined) lines.push(paint.dim(`  what had landed stays pinned: ${rescue}`));
  if (kind !== "planned") lines.push(paint.dim(`To take that back: orch undo ${plan.id}`));
  return lines.join("\n");
}

function landingLines({ plan }: Undone): readonly string[] {
  const { landing } = plan;
  if (landing === undefined) return [];
  const [from, to] = [landing.from.slice(0, 10), landing.to.slice(0, 10)];
  if (landing.how === "rewind") {
    const base =
      landing.base === undefined ? "the base branch never had it" : "with it the base branch and its checkout";
    return [`  what has landed moves back from ${from} to ${to}, ${base}`];
  }
  if (landing.how === "forward") return [`  what has landed moves forward again from ${from} to ${to}`];
  return [`  the commit ${to} lands on ${from} and takes it back`];
}
