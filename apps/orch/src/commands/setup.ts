import { findPlace, setUpSeed } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";

export function setup(exit: { code: number }): Command {
  const command = new Command("setup")
    .description("Write what leads others to Orchard into the checkout, for you to commit.")
    .addHelpText("after", "\nExample:\n  orch setup seed");
  return command.addCommand(seed(exit));
}

function seed(exit: { code: number }): Command {
  const command = new Command("seed").description(
    "Write worktree_orchestrate.sh and monitor_orchestration.py, the entry points of the worktree orchestration.",
  );
  return define(command, exit, {
    example: "orch setup seed && ./worktree_orchestrate.sh init",
    action: async ({ cwd, paint }) => {
      const { written, unchanged } = await setUpSeed(findPlace(cwd));
      const text =
        written.length === 0
          ? `Nothing to write: ${unchanged.join(" and ")} are up to date.\n`
          : `${paint.green(`Wrote ${written.join(" and ")}.`)} Commit them when you like them.\nNext: ./worktree_orchestrate.sh init\n`;
      return { data: { written, unchanged }, text };
    },
  });
}
