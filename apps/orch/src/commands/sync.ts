import { besideDriver, synchronise } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";

export function sync(exit: { code: number }): Command {
  const command = new Command("sync").description("Bring what has landed into your checkout of the base branch.");
  return define(command, exit, {
    example: "orch sync",
    action: async ({ orchard, interruption, paint }) => {
      const opened = await orchard();
      const followed = await synchronise(besideDriver(opened, interruption.signal));
      await opened.store.refreshViews();
      const text = {
        current: "Your checkout has everything that landed.",
        advanced: paint.green(`Your checkout now has everything that landed (${followed.commit.slice(0, 10)}).`),
        behind: `${paint.yellow(`Landed, not yet in your checkout: ${followed.kind === "behind" ? followed.why : ""}`)}\nNext: commit or stash what is in the way, then: orch sync`,
      }[followed.kind];
      return { data: followed, text: `${text}\n` };
    },
  });
}
