import { Command } from "commander";
import { define } from "../command.ts";
import { runDemo } from "../demo/run-demo.ts";

export function demo(exit: { code: number }): Command {
  const command = new Command("demo")
    .description(
      "Watch six lanes work on a small project in a temporary folder: retries, a conflict, a kill -9 and all.",
    )
    .option("--folder <path>", "where to make it (a new folder inside the system's temporary one by default)");
  return define(command, exit, {
    example: "orch demo",
    action: async ({ paint, json }, options: { readonly folder?: string }) =>
      runDemo({ paint, folder: options.folder, quiet: json }),
  });
}
