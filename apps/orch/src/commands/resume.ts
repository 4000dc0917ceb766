import { type LaneId, parseLaneId } from "@orchard/kernel";
import { type DriverOptions, isActive, type Tracker } from "@orchard/tracker-core";
import { planNotKept } from "@orchard/workflow";
import { Command } from "commander";
import { type Answer, define } from "../command.ts";
import { parseCount } from "../options.ts";
import { executeNow } from "./execute.ts";
import { fullNow } from "./full.ts";
import { mergeNow } from "./merge.ts";
import { planNow } from "./plan.ts";
import { probesNow } from "./probes.ts";

interface Options {
  readonly dryRun?: boolean;
  readonly agent?: string | undefined;
  readonly maxParallel?: number | undefined;
}

export function resume(exit: { code: number }): Command {
  const command = new Command("resume")
    .description("Go on where an interrupted or killed orch stopped; agents that still run are adopted.")
    .option("--max-parallel <n>", "how many lanes at the same time", parseCount)
    .option("--agent <name>", "agent for lanes that name none")
    .option("--dry-run", "only say what would be resumed");
  return define(command, exit, {
    example: "orch resume",
    writes: true,
    action: async (surroundings, options: Options): Promise<Answer> => {
      const orchard = await surroundings.orchard();
      const unfinished = whatIsUnfinished(await orchard.tracker());
      if (unfinished?.phase === "plan" && unfinished.options?.from === "-") throw planNotKept();
      if (options.dryRun === true && unfinished !== undefined) {
        const of = unfinished.only === undefined ? "" : ` of ${unfinished.only}`;
        return { data: { would: unfinished }, text: `→ ${unfinished.phase}${of} would go on\n` };
      }
      switch (unfinished?.phase) {
        case "probes":
          return probesNow(surroundings, orchard, {
            ...unfinished.options,
            ...options,
            names: unfinished.probes ?? [],
            goOn: true,
          });
        case "plan":
          return planNow(surroundings, orchard, { ...unfinished.options });
        case "full":
          return fullNow(surroundings, orchard, { ...unfinished.options, ...options, goOn: true });
        case "execute":
          return executeNow(surroundings, orchard, { ...unfinished.options, ...options }, unfinished.only);
        case "merge":
          return mergeNow(surroundings, orchard, { ...unfinished.options, lane: unfinished.only });
        case undefined:
          return {
            data: { resumed: "nothing" },
            text: "There is nothing to resume. Where everything stands: orch status\n",
          };
      }
    },
  });
}

interface Unfinished {
  readonly phase: "probes" | "plan" | "execute" | "merge" | "full";
  /** What it was told besides; what `resume` is told counts more. */
  readonly options?: DriverOptions | undefined;
  /** The one lane that the command was about. */
  readonly only?: LaneId;
  /** The probes that it was about. */
  readonly probes?: readonly string[];
}

/**
 * What the last driver was told to do, when it died without a word (also before its first step) or was interrupted; else
 * what the lanes say; else a run that others drove beside.
 */
function whatIsUnfinished({ driver, status, run, ...tracker }: Tracker): Unfinished | undefined {
  // A run that was stopped as a whole (a red base, no agent) is open as well.
  const isOpen = run !== undefined && run.endedAt === undefined;
  if (driver?.command === "orch full" && isOpen) return { phase: "full", options: driver.options };
  if (driver !== undefined && (driver.endedAt === undefined || status === "running"))
    return { ...ofCommand(driver.command), options: driver.options };
  const lanes = Object.values(tracker.lanes);
  if (lanes.some((lane) => lane.merge?.state === "intended")) return { phase: "merge" };
  if (lanes.some((lane) => isActive(lane) || lane.state === "retrying")) return { phase: "execute" };
  return isOpen ? { phase: "full", options: run.options } : undefined;
}

/** As {@link driving} was given it: `orch execute`, `orch exec-lane <id>`, `orch merge [id]`, `orch probes <names>`, `orch plan`, `orch full`. */
function ofCommand(command: string): Unfinished {
  const [, verb, ...words] = command.split(" ");
  const [id] = words;
  if (verb === "probes") return { phase: "probes", probes: words };
  if (verb === "full" || verb === "plan") return { phase: verb };
  const phase = verb === "merge" ? "merge" : "execute";
  return id === undefined ? { phase } : { phase, only: parseLaneId(id) };
}
