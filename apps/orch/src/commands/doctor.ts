import { printable } from "@orchard/kernel";
import { acceptConfig, acceptSettings, readConfig, recordAcceptance, settingsNotAccepted } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";

export function doctor(exit: { code: number }): Command {
  const command = new Command("doctor")
    .description("Show settings that would run commands and are not accepted yet; --accept accepts them.")
    .option("--accept", "use the settings as they stand in orch.config.jsonc now");
  return define(command, exit, {
    example: "orch doctor --accept",
    writes: true,
    action: async ({ orchard, paint }, options: { readonly accept?: boolean }) => {
      const opened = await orchard();
      const { notAccepted } = await readConfig(opened.place);
      const settings = await settingsNotAccepted(opened.place);
      const shown = [
        ...notAccepted.map(
          ({ key, accepted, found }) =>
            `  orch.config.jsonc ${key}: ${JSON.stringify(accepted)} → ${JSON.stringify(found)}`,
        ),
        ...settings.map(({ key, value, scope }) => `  git ${scope} ${key}: ${value}`),
      ];
      if (options.accept !== true) {
        const text =
          shown.length === 0
            ? paint.green("Every setting that can run a command is accepted.")
            : [
                paint.yellow("Changed and not used until accepted:"),
                ...shown,
                "Accept them: orch doctor --accept",
              ].join("\n");
        return {
          data: { notAccepted, settings, accepted: false },
          text: `${printable(text)}\n`,
          exitCode: shown.length === 0 ? 0 : 3,
        };
      }
      await acceptSettings(opened.place);
      await recordAcceptance(opened, await acceptConfig(opened.place));
      const text = shown.length === 0 ? "Nothing had changed." : [paint.green("Accepted:"), ...shown].join("\n");
      return { data: { notAccepted, settings, accepted: true }, text: `${printable(text)}\n` };
    },
  });
}
