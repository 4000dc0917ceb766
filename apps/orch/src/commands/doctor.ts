import { printable } from "@orchard/kernel";
import {
  acceptConfig,
  acceptSettings,
  type Diagnosis,
  type Examination,
  examine,
  findPlace,
  readConfig,
  readSettings,
  recordAcceptance,
} from "@orchard/workflow";
import { Command } from "commander";
import { type Answer, define, type Surroundings } from "../command.ts";

export function doctor(exit: { code: number }): Command {
  const command = new Command("doctor")
    .description("Find what is broken and say what to do; --repair mends what is provably Orchard's own.")
    .option("--repair", "mend it; whatever stood in the way is put aside or pinned first")
    .option("--accept", "use the settings as they stand in orch.config.jsonc and in git now");
  return define(command, exit, {
    example: "orch doctor --repair",
    action: async (surroundings, options: { readonly repair?: boolean; readonly accept?: boolean }) => {
      const accepted = options.accept === true ? await accept(surroundings) : [];
      if (options.accept === true && options.repair !== true) return acceptedAnswer(surroundings, accepted);
      const examination = await examine(findPlace(surroundings.cwd), surroundings.ports(), {
        repair: options.repair === true,
        by: `orch ${process.pid}`,
      });
      return answerOf(examination, surroundings);
    },
  });
}

async function accept({ orchard }: Surroundings): Promise<readonly string[]> {
  const opened = await orchard();
  // What is accepted is what is shown, whatever is written there meanwhile.
  const config = await readConfig(opened.place, { anew: true });
  const git = await readSettings(opened.place);
  await acceptSettings(opened.place, git);
  await recordAcceptance(opened, await acceptConfig(opened.place, config));
  return [
    ...config.notAccepted.map(
      ({ key, accepted, found }) =>
        `  orch.config.jsonc ${key}: ${JSON.stringify(accepted)} → ${JSON.stringify(found)}`,
    ),
    ...git.notAccepted.map(({ key, value, scope }) => `  git ${scope} ${key}: ${value}`),
  ];
}

function acceptedAnswer({ paint }: Surroundings, shown: readonly string[]): Answer {
  const text = shown.length === 0 ? "Nothing had changed." : [paint.green("Accepted:"), ...shown].join("\n");
  return { data: { accepted: shown.map((line) => line.trim()) }, text: `${printable(text)}\n` };
}

function answerOf({ findings, looked, isHealthy }: Examination, surroundings: Surroundings): Answer {
  const { paint } = surroundings;
  const lines = findings.flatMap((finding) => linesOf(finding, surroundings));
  const last = isHealthy
    ? paint.green(
        `✓ ${findings.some(({ repaired }) => repaired !== undefined) ? "Everything is in order now" : "Everything is in order"}: ${looked.join(", ")}.`,
      )
    : paint.yellow(summary(findings));
  return {
    data: { healthy: isHealthy, findings, looked },
    text: `${printable([...lines, last].join("\n"))}\n`,
    exitCode: isHealthy ? 0 : 3,
  };
}

function linesOf({ code, severity, sentence, todo, repaired }: Diagnosis, { paint }: Surroundings): readonly string[] {
  if (repaired !== undefined) {
    const { did, putAside = [] } = repaired;
    return [
      `${paint.green("✓ repaired")} ${paint.dim(code)}: ${sentence}`,
      `  ${did}`,
      ...putAside.map((path) => paint.dim(`  put aside: ${path}`)),
    ];
  }
  const mark = { error: paint.red("✗"), warning: paint.yellow("○"), info: paint.dim("·") }[severity];
  return [`${mark} ${sentence} ${paint.dim(`[${code}]`)}`, `  ${todo}`];
}

function summary(findings: readonly Diagnosis[]): string {
  const left = findings.filter(({ severity, repaired }) => severity !== "info" && repaired === undefined);
  const mendable = left.filter(({ repairable }) => repairable).length;
  const found = `${left.length} ${left.length === 1 ? "finding" : "findings"}`;
  return mendable === 0 ? `${found}.` : `${found}, ${mendable} of them can be mended by: orch doctor --repair`;
}
