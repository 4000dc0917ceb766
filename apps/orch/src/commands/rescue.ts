import { OrchardError, printableLine } from "@orchard/kernel";
import { besideDriver, restoreWorktree } from "@orchard/workflow";
import { listRescues, type Rescue } from "@orchard/worktree-git";
import { Command } from "commander";
import { define } from "../command.ts";

export function rescue(exit: { code: number }): Command {
  const command = new Command("rescue")
    .description("Everything that was set aside: list it, look at it, bring it back.")
    .addHelpText("after", "\nExample:\n  orch rescue list");
  command.addCommand(list(exit));
  command.addCommand(show(exit));
  command.addCommand(restore(exit));
  return command;
}

function list(exit: { code: number }): Command {
  return define(new Command("list").description("List what was set aside."), exit, {
    example: "orch rescue list",
    worksAfterReset: true,
    action: async ({ orchard, paint }) => {
      const rescues = await listRescues(await (await orchard()).repository());
      const lines = rescues.map((one) => `${nameOf(one).padEnd(24)}  ${paint.dim(whatItWas(one))}`);
      return { data: { rescues }, text: `${lines.length === 0 ? "Nothing is set aside." : lines.join("\n")}\n` };
    },
  });
}

function show(exit: { code: number }): Command {
  const command = new Command("show")
    .description("Show one of them.")
    .argument("<name>", "as `orch rescue list` prints it");
  return define(command, exit, {
    example: "orch rescue show docs/1",
    worksAfterReset: true,
    action: async ({ orchard }, name: string) => {
      const repository = await (await orchard()).repository();
      const one = requireRescue(await listRescues(repository), name);
      const lines = Object.entries(one).map(
        ([key, value]) =>
          `${key.padEnd(10)} ${printableLine(typeof value === "string" ? value : JSON.stringify(value), 200)}`,
      );
      return { data: one, text: `${lines.join("\n")}\nBring it back: orch rescue restore ${name}\n` };
    },
  });
}

function restore(exit: { code: number }): Command {
  const command = new Command("restore")
    .description("Bring one back, byte for byte, where it was.")
    .argument("<name>", "as `orch rescue list` prints it")
    .option("--dry-run", "only say what would come back");
  return define(command, exit, {
    example: "orch rescue restore docs/1",
    worksAfterReset: true,
    writes: true,
    action: async ({ orchard, paint, interruption }, name: string, options: { readonly dryRun?: boolean }) => {
      const opened = await orchard();
      const repository = await opened.repository();
      const one = requireRescue(await listRescues(repository), name);
      if (options.dryRun === true) {
        const data = { name, restorable: one.restorable, path: one.trash?.path ?? null };
        const text = one.restorable ? `${one.trash?.path} would come back.` : `Only the commits of ${name} are kept.`;
        return { data, text: `${text}\n` };
      }
      const path = await restoreWorktree(besideDriver(opened, interruption.signal), one);
      return { data: { name, path }, text: `${paint.green(`✓ ${path} is back.`)}\n` };
    },
  });
}

function whatItWas({ trash, commit, restorable }: Rescue): string {
  if (trash === undefined) return `only its commits are kept, ${commit.slice(0, 10)}`;
  return `${trash.removedAt}  was ${trash.path}${restorable ? "" : ", its files are gone"}`;
}

function nameOf({ name, number }: Rescue): string {
  return `${name}/${number}`;
}

function requireRescue(rescues: readonly Rescue[], name: string): Rescue {
  const found = rescues.find((one) => nameOf(one) === name);
  if (found !== undefined) return found;
  throw new OrchardError({
    code: "UNKNOWN_RESCUE",
    kind: "user",
    message: `There is nothing set aside as "${printableLine(name, 80)}".`,
    hint: "See what there is: orch rescue list",
    details: { name },
  });
}
