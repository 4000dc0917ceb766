import { printable } from "@orchard/kernel";
import { presentAttempts, requireLane } from "@orchard/tracker-core";
import { agentRefusal, whyLane } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";
import { reasonLine } from "../terminal/reason-line.ts";
import { receiptLines } from "../terminal/receipt-lines.ts";

export function why(exit: { code: number }): Command {
  const command = new Command("why")
    .description("Say why a lane is where it is, and what moves it on.")
    .argument("<lane>", "the lane");
  return define(command, exit, {
    example: "orch why docs",
    action: async ({ orchard, now }, id: string) => {
      const opened = await orchard();
      const { state } = await opened.folded();
      const lane = requireLane(state.tracker, id);
      const answer = whyLane(state, id, now, await agentRefusal(opened, lane));
      const tries = presentAttempts(lane.attempts).flatMap(({ number, failure }) =>
        failure === undefined ? [] : [`  attempt ${number}: ${reasonLine(failure, 160)}`],
      );
      const lines = [
        answer.sentence,
        ...(tries.length > 1 ? tries : []),
        ...receiptLines(lane),
        ...(answer.next === undefined ? [] : [`Next: ${answer.next}`]),
      ];
      const data = {
        ...answer,
        next: answer.next ?? null,
        receipts: lane.work?.receipts ?? [],
        merge: lane.merge ?? null,
      };
      return { data, text: `${printable(lines.join("\n"))}\n` };
    },
  });
}
