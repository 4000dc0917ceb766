import { printable, printableLine } from "@orchard/kernel";
import { requireLane } from "@orchard/tracker-core";
import { whyLane } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";

export function why(exit: { code: number }): Command {
  const command = new Command("why")
    .description("Say why a lane is where it is, and what moves it on.")
    .argument("<lane>", "the lane");
  return define(command, exit, {
    example: "orch why docs",
    action: async ({ orchard, now }, id: string) => {
      const { state } = await (await orchard()).folded();
      const { tracker } = state;
      const answer = whyLane(state, id, now);
      const receipts = requireLane(tracker, id).work?.receipts ?? [];
      const evidence = receipts.map(({ command: run, commit, code, digest }) => {
        const shown = typeof run === "string" ? run : run.join(" ");
        return `  verified ${commit.slice(0, 10)}: ${shown} → exit ${code}, output ${digest.slice(0, 12)}`;
      });
      const tries = requireLane(tracker, id).attempts.flatMap(({ number, failure }) =>
        failure === undefined ? [] : [`  attempt ${number}: ${printableLine(failure, 160)}`],
      );
      const lines = [
        answer.sentence,
        ...(tries.length > 1 ? tries : []),
        ...evidence,
        ...(answer.next === undefined ? [] : [`Next: ${answer.next}`]),
      ];
      return { data: { ...answer, next: answer.next ?? null, receipts }, text: `${printable(lines.join("\n"))}\n` };
    },
  });
}
