import { resetTracker, settleUndo } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";
import { needsYes } from "../needs-yes.ts";
import { confirm } from "../terminal/confirm.ts";

export function reset(exit: { code: number }): Command {
  const command = new Command("reset")
    .description("End all agents, set every worktree aside (restorable), and let the tracker begin empty.")
    .option("--yes", "do not ask")
    .option("--dry-run", "only say what would happen");
  return define(command, exit, {
    example: "orch reset --yes",
    action: async (
      { orchard, paint, interruption },
      options: { readonly yes?: boolean; readonly dryRun?: boolean },
    ) => {
      const opened = await orchard();
      const tracker = await opened.tracker();
      const lanes = Object.values(tracker.lanes);
      const worktrees = lanes.flatMap((lane) => (lane.worktree === undefined ? [] : [lane.worktree.path]));
      if (options.dryRun === true) {
        const text = `Would set aside ${counted(worktrees.length, "worktree")} and empty the tracker of ${counted(lanes.length, "lane")}.\n`;
        return { data: { lanes: lanes.map(({ id }) => id), worktrees }, text };
      }
      const question = `End all agents, set ${counted(worktrees.length, "worktree")} aside and empty the tracker of ${counted(lanes.length, "lane")}?`;
      if (options.yes !== true && (await confirm(question)) !== true) throw needsYes("orch reset");
      await settleUndo(opened, interruption.signal);
      const result = await resetTracker(opened);
      if (result.cleaned.kept.length > 0) {
        const lines = result.cleaned.kept.map(({ path, reason }) => paint.yellow(`○ ${path} stays: ${reason}`));
        return { data: result, text: `${lines.join("\n")}\nNothing was reset.\n`, exitCode: 3 };
      }
      const kept = result.cleaned.removed.map(({ path, rescue }) => `  ${path} is kept as ${rescue}`);
      const left = result.branches.map(
        (branch) =>
          `  branch ${branch} stays; a new lane of that name needs it renamed: git branch -m ${branch} <new name>`,
      );
      return {
        data: result,
        text: `${[paint.green("The tracker is empty."), ...kept, ...left, "Look at it: orch rescue list. Start anew: orch init"].join("\n")}\n`,
      };
    },
  });
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
