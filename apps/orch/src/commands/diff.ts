import { printable } from "@orchard/kernel";
import { isLanded, requireLane } from "@orchard/tracker-core";
import { parseOid, parseRef } from "@orchard/worktree-git";
import { Command } from "commander";
import { define } from "../command.ts";

export function diff(exit: { code: number }): Command {
  const command = new Command("diff")
    .description("Show what a lane committed since it started.")
    .argument("<lane>", "the lane")
    .option("--stat", "only how much changed in which file");
  return define(command, exit, {
    example: "orch diff docs --stat",
    action: async ({ orchard, paint }, id: string, options: { readonly stat?: boolean }) => {
      const opened = await orchard();
      const lane = requireLane(await opened.tracker(), id);
      const repository = await opened.repository();
      const start = (lane.worktree ?? lane.setAside?.worktree)?.start;
      const tip =
        (await repository.resolve(parseRef(`refs/heads/lane-${lane.id}`))) ??
        (lane.work === undefined ? undefined : parseOid(lane.work.head));
      const from = start ?? (tip === undefined ? undefined : await mergeBaseWithLanded(repository, tip));
      if (from === undefined || tip === undefined) {
        return { data: { lane: lane.id, diff: "", files: [] }, text: `Lane ${lane.id} has committed nothing yet.\n` };
      }
      const text = await repository.diffText(parseOid(from), tip, {
        stat: options.stat === true,
        color: paint.isColorSupported,
      });
      const files = await repository.changedPaths(parseOid(from), tip);
      const plain =
        text === ""
          ? `Lane ${lane.id} ${isLanded(lane) ? "landed without a change" : "has committed nothing yet"}.\n`
          : text;
      return {
        data: { lane: lane.id, from, to: tip, files, diff: text },
        text: paint.isColorSupported ? plain : printable(plain),
      };
    },
  });
}

async function mergeBaseWithLanded(
  repository: import("@orchard/worktree-git").Repository,
  tip: import("@orchard/worktree-git").Oid,
) {
  return (await repository.commitInfo(tip)).parents[0];
}
