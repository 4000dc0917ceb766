import { randomToken } from "@orchard/host";
import { type Paint, paint, printWhole, safeText, troubleTeller } from "@orchard/terminal";
import { requireHome } from "@orchard/tracker-core";
import { findPlace, newOperationId, type Orchard, openOrchard, type Ports } from "@orchard/workflow";
import type { Command } from "commander";
import { realPorts } from "./composition.ts";
import { type Interruption, interruptible } from "./interruption.ts";
import { eventLine } from "./terminal/event-line.ts";
import { type LiveReporter, liveReporter } from "./terminal/live-reporter.ts";

/** What a command answers: data for programs, text for people, and how it went. */
export interface Answer {
  /** What `--json` prints, one object. */
  readonly data: unknown;
  /** What a person reads; ends with a newline unless empty. */
  readonly text: string;
  /** 0 when absent. */
  readonly exitCode?: number;
}

export interface Surroundings {
  readonly cwd: string;
  readonly json: boolean;
  readonly paint: Paint;
  readonly width: number;
  readonly now: number;
  readonly reporter: LiveReporter;
  readonly interruption: Interruption;
  ports(): Ports;
  /**
   * Opens the repository that `cwd` belongs to; closed when the command ends. A journal in trouble is told of at once, and
   * the command ends with the trouble's exit code after showing what it can.
   */
  orchard(): Promise<Orchard>;
}

type Action = (surroundings: Surroundings, ...args: never[]) => Promise<Answer>;

/** Gives a command what all have: `--json`, `--verbose`, an example, one way to answer and one exit code. */
export function define(
  command: Command,
  exit: { code: number },
  options: {
    readonly example: string;
    readonly writes?: boolean;
    /** It works after `orch reset`, too, when there is a journal and no tracker. */
    readonly worksAfterReset?: boolean;
    readonly action: Action;
  },
): Command {
  return command
    .option("--json", "print one JSON object and nothing else")
    .option("--verbose", "show where an error came from")
    .addHelpText("after", `\nExample:\n  ${options.example}`)
    .action(async (...args: unknown[]) => {
      const values = command.opts<{ json?: boolean; dryRun?: boolean }>();
      const given = args.slice(0, -1);
      exit.code = await perform(
        { ...options, name: command.name(), isDry: values.dryRun === true },
        values.json === true,
        (surroundings) =>
          (options.action as (surroundings: Surroundings, ...rest: unknown[]) => Promise<Answer>)(
            surroundings,
            ...given,
          ),
      );
    });
}

async function perform(
  options: {
    readonly name: string;
    readonly isDry: boolean;
    readonly writes?: boolean;
    readonly worksAfterReset?: boolean;
  },
  json: boolean,
  act: (surroundings: Surroundings) => Promise<Answer>,
): Promise<number> {
  // A dry run finishes nothing of others and moves nothing.
  const writes = options.writes === true && !options.isDry;
  using reporter = liveReporter();
  using interruption = interruptible();
  const opened: Orchard[] = [];
  const trouble = troubleTeller(process);
  const surroundings: Surroundings = {
    cwd: process.cwd(),
    json,
    paint: paint(process.stdout),
    width: process.stdout.columns ?? 100,
    now: Date.now(),
    reporter,
    interruption,
    ports: () => realPorts(reporter.report),
    orchard: async () => {
      const orchard = await openOrchard(findPlace(process.cwd()), realPorts(reporter.report), {
        by: `orch ${process.pid}`,
        operation: newOperationId(options.name, randomToken()),
      });
      opened.push(orchard);
      const folded = await orchard.folded();
      trouble.note(folded.trouble);
      const { tracker } = folded.state;
      if (options.worksAfterReset !== true) requireHome(tracker);
      if (writes && tracker.undoing !== undefined && options.name !== "undo") {
        const { settleUndo } = await import("@orchard/workflow/follow");
        await settleUndo(orchard, interruption.signal);
      }
      return orchard;
    },
  };
  try {
    const answer = trouble.marked(await act(surroundings));
    if (writes && opened[0] !== undefined) await tryToFollow(opened[0], interruption);
    reporter[Symbol.dispose]();
    await printWhole(process.stdout, json ? `${JSON.stringify(answer.data)}\n` : safeText(answer.text));
    return answer.exitCode ?? 0;
  } catch (error) {
    return trouble.instead(error, { json });
  } finally {
    for (const orchard of opened) {
      if (writes) await orchard.store.refreshViews().catch(() => undefined);
      await orchard[Symbol.asyncDispose]();
    }
  }
}

/** What landed and could not reach the checkout is tried again by every command that writes. */
async function tryToFollow(orchard: Orchard, interruption: Interruption): Promise<void> {
  const { besideDriver, followIfBehind } = await import("@orchard/workflow/follow");
  const followed = await followIfBehind(besideDriver(orchard, interruption.signal));
  if (followed?.kind !== "behind") return;
  const text = `landed, not yet in your checkout: ${followed.why}`;
  process.stderr.write(
    `${eventLine({ type: "warning", text, hint: "Commit or stash what is in the way, then: orch sync" }, paint(process.stderr))}\n`,
  );
}
