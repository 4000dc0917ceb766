import { parseLaneId } from "@orchard/kernel";
import { findConflicts } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";
import { conflictPicture } from "../terminal/conflict-picture.ts";

const CONFLICT = 5;

export function conflicts(exit: { code: number }): Command {
  const command = new Command("conflicts")
    .description(
      "Show which lanes would conflict if they were merged now, uncommitted work included; 5 when some would.",
    )
    .argument("[lane]", "only the conflicts of this lane");
  return define(command, exit, {
    example: "orch conflicts docs",
    action: async ({ orchard, paint }, id: string | undefined) => {
      const found = await findConflicts(await orchard(), id === undefined ? undefined : parseLaneId(id));
      return {
        data: found,
        text: `${conflictPicture(found, paint)}\n`,
        exitCode: found.conflicts.length > 0 ? CONFLICT : 0,
      };
    },
  });
}
