import { requireHome } from "@orchard/tracker-core";
import { besideDriver, ensureLanded, type Orchard, settleUndo, synchronise } from "@orchard/workflow";
import { parseRef } from "@orchard/worktree-git";
import { Command } from "commander";
import { type Answer, define } from "../command.ts";

/** Nothing came: the checkout has to be cleared first. */
const REFUSED = 3;

interface Options {
  readonly allowRedBase?: boolean;
  readonly dryRun?: boolean;
}

export function sync(exit: { code: number }): Command {
  const command = new Command("sync")
    .description("Bring what has landed into your checkout of the base branch.")
    .option("--allow-red-base", "bring the branch's own commits in though its tree is red")
    .option("--dry-run", "only say what would come");
  return define(command, exit, {
    example: "orch sync",
    action: async ({ orchard, interruption, paint }, options: Options) => {
      const opened = await orchard();
      if (options.dryRun === true) return plan(opened);
      await settleUndo(opened, interruption.signal);
      const { allowRedBase } = options;
      const followed = await synchronise(besideDriver(opened, interruption.signal), { allowRedBase });
      await opened.store.refreshViews();
      const text = {
        current: "Your checkout has everything that landed.",
        advanced: paint.green(`Your checkout now has everything that landed (${followed.commit.slice(0, 10)}).`),
        behind: `${paint.yellow(`Landed, not yet in your checkout: ${followed.kind === "behind" ? followed.why : ""}`)}\nNext: commit or stash what is in the way, then: orch sync`,
      }[followed.kind];
      return { data: followed, text: `${text}\n`, exitCode: followed.kind === "behind" ? REFUSED : 0 };
    },
  });
}

async function plan(orchard: Orchard): Promise<Answer> {
  const repository = await orchard.repository();
  const base = parseRef(requireHome(await orchard.tracker()).base);
  const landed = await ensureLanded(repository, base);
  const tip = (await repository.resolve(base)) ?? landed;
  const [comes, gained] = await Promise.all([
    repository.countCommits(tip, landed),
    repository.countCommits(landed, tip),
  ]);
  const text = `${comes} commits that landed would come; the branch has ${gained} of its own.\n`;
  return { data: { comes, gained, landed }, text };
}
