import { cleanUp } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";

export function cleanup(exit: { code: number }): Command {
  const command = new Command("cleanup")
    .description("Remove the worktrees and branches of landed, clean lanes; say of each other one why it stays.")
    .option("--rescue", "remove those too; all of it is pinned first and can be restored")
    .option("--dry-run", "only say what would be removed");
  return define(command, exit, {
    example: "orch cleanup --dry-run",
    writes: true,
    action: async ({ orchard, paint }, options: { readonly rescue?: boolean; readonly dryRun?: boolean }) => {
      const dryRun = options.dryRun === true;
      const result = await cleanUp(await orchard(), { rescue: options.rescue === true, dryRun });
      const verb = dryRun ? "would be removed" : "removed";
      const lines = [
        ...result.removed.map(({ path, rescue: ref }) =>
          paint.green(`✓ ${path} ${verb}${ref === "" ? "" : `, kept as ${ref}`}`),
        ),
        ...result.branches.map((branch) =>
          paint.dim(`  branch ${branch} ${dryRun ? "would be deleted" : "deleted"}: its commits are in the base`),
        ),
        ...result.kept.map(({ path, reason }) => paint.yellow(`○ ${path} stays: ${reason}`)),
      ];
      return {
        data: result,
        text: `${lines.length === 0 ? "There is nothing to clean up." : lines.join("\n")}\n`,
        exitCode: result.kept.length > 0 ? 3 : 0,
      };
    },
  });
}
