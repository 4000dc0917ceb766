import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { printable } from "@orchard/kernel";
import {
  acceptConfig,
  CONFIG_FILE,
  findPlace,
  initialiseRepository,
  type Place,
  type ProposedConfig,
  proposeConfig,
  readConfig,
  recordAcceptance,
  writeConfig,
} from "@orchard/workflow";
import { Command } from "commander";
import { define, type Surroundings } from "../command.ts";
import { sayProposal } from "../say-proposal.ts";
import { confirm } from "../terminal/confirm.ts";

interface Options {
  readonly base?: string;
  readonly writeConfig?: boolean;
}

export function init(exit: { code: number }): Command {
  const command = new Command("init")
    .description("Set Orchard up in this repository; a second time it changes nothing.")
    .option("--base <branch>", "the branch that lanes land on (default: the one checked out)")
    .option("--write-config", "write the proposed orch.config.jsonc and accept it");
  return define(command, exit, {
    example: "orch init --base main",
    action: async (surroundings, options: Options) => {
      const { cwd, ports, paint, json } = surroundings;
      const place = findPlace(cwd);
      const proposal = await proposeConfig(place, { base: options.base, path: process.env["PATH"] });
      const isThere = existsSync(join(place.mainRoot, CONFIG_FILE));
      const wanted = options.writeConfig === true;
      const asks = !wanted && !json && proposal !== undefined;
      const agreed = asks ? await confirm(question(proposal.text)) : undefined;
      const write = wanted || agreed === true;
      const given = process.env["ORCH_STATE_DIR"];
      const stateDir = given === undefined || given === "" ? undefined : resolve(cwd, given);
      const { outcome, base, tracker } = await initialiseRepository(place, ports(), {
        base: options.base,
        stateDir,
        by: "orch init",
      });
      // After everything that may refuse: then nothing was written.
      const written = write && proposal !== undefined ? await writeAccepted(proposal, surroundings) : undefined;
      const branch = base.replace(/^refs\/heads\//, "");
      const data = {
        outcome,
        base: branch,
        main_repo: place.mainRoot,
        state: findPlace(cwd).stateDir,
        tracker: place.trackerFile,
        proposal: proposal?.text ?? null,
        written: written ?? null,
        lanes: Object.keys(tracker.lanes).length,
      };
      const lines = [
        outcome === "initialised"
          ? paint.green(`Orchard is set up: lanes land on ${branch}.`)
          : `Orchard was set up here before; nothing changed. Lanes land on ${branch}.`,
        ...sayProposal({ proposal: proposal?.text, isThere, written, wanted, declined: agreed === false }),
        ...(await acceptedLines(findPlace(cwd), outcome)),
        "",
        `Next: orch add-lane <id> '{"tasks": ["…"], "command": "<your agent>"}'`,
      ];
      return { data, text: `${lines.join("\n")}\n` };
    },
  });
}

/** What a person asked us to write is accepted, also where Orchard was set up before. */
async function writeAccepted(proposal: ProposedConfig, surroundings: Surroundings): Promise<string | undefined> {
  const place = findPlace(surroundings.cwd);
  const written = await writeConfig(place, proposal);
  if (written === undefined) return undefined;
  const orchard = await surroundings.orchard();
  await recordAcceptance(orchard, await acceptConfig(place, proposal));
  return written;
}

/** What a configuration that lay in the repository may run from now on, said once. */
async function acceptedLines(place: Place, outcome: string): Promise<readonly string[]> {
  const { accepted } = await readConfig(place);
  if (outcome !== "initialised" || accepted.length === 0) return [];
  const settings = accepted.map(({ key, value }) => printable(`  ${key}: ${JSON.stringify(value)}`));
  return ["Accepted from orch.config.jsonc, as it stands now:", ...settings];
}

function question(text: string): string {
  return `${text}\nWrite this to orch.config.jsonc and accept its commands?`;
}
