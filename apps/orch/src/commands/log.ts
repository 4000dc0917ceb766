import { printableLine } from "@orchard/kernel";
import { Command } from "commander";
import { define } from "../command.ts";
import { parseLimit } from "../options.ts";

export function log(exit: { code: number }): Command {
  const command = new Command("log")
    .description("List what was recorded, newest first.")
    .option("-n, --limit <n>", "how many", parseLimit, 30)
    .option("--lane <id>", "only what concerns this lane");
  return define(command, exit, {
    example: "orch log -n 10",
    action: async ({ orchard, paint }, options: { readonly limit: number; readonly lane?: string }) => {
      const opened = await orchard();
      const newest = [];
      for await (const record of opened.store.history()) {
        if (options.lane !== undefined && !record.facts.some((fact) => "lane" in fact && fact.lane === options.lane))
          continue;
        newest.push(record);
        if (newest.length > options.limit) newest.shift();
      }
      const operations = newest
        .reverse()
        .map(({ seq, at, by, stream, describe, facts }) => ({ seq, at, by, stream, describe, facts }));
      const lines = operations.map(
        ({ seq, at, by, describe }) =>
          `${paint.dim(`${String(seq).padStart(6)}  ${at}`)}  ${printableLine(describe, 120)}  ${paint.dim(printableLine(by, 40))}`,
      );
      return { data: { operations }, text: `${lines.length === 0 ? "Nothing is recorded yet." : lines.join("\n")}\n` };
    },
  });
}
