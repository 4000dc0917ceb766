import { isOrchardError, type OrchardError } from "@orchard/kernel";
import type { DriverOptions, Tracker } from "@orchard/tracker-core";
import {
  activeDriver,
  type Driver,
  howToGoOn,
  interrupted,
  type Orchard,
  stopLanes,
  withDriver,
} from "@orchard/workflow";
import type { Surroundings } from "./command.ts";
import { exitCodeOf } from "./interruption.ts";

/**
 * Does work as the driver, with the live picture of the lanes. The first Ctrl+C starts nothing new and leaves the
 * agents running; a second within 5 s, for which we stay when agents run, ends them as `orch stop` does.
 */
export async function driving<Result>(
  { interruption, reporter }: Surroundings,
  orchard: Orchard,
  { command, options }: { readonly command: string; readonly options: DriverOptions },
  work: (driver: Driver) => Promise<Result>,
): Promise<Result> {
  let stopping: Promise<unknown> | undefined;
  interruption.onSecond(() => {
    stopping ??= stopLanes(orchard, undefined, "Ctrl+C twice");
  });
  warnOfOpenRun(await orchard.tracker(), { command, report: reporter.report });
  await reporter.watch(orchard);
  warnOfUnaccepted(await orchard.config(), reporter.report);
  try {
    return await withDriver(orchard, { command: `orch ${command}`, options, interrupted: interruption.signal }, work);
  } catch (error) {
    if (!isOrchardError(error, "INTERRUPTED")) throw error;
    const isTwice = await leaveTime({ interruption, reporter }, error);
    await stopping;
    const told = isTwice ? interrupted(0, howToGoOn(await orchard.tracker())) : error;
    throw withExitCode(told, exitCodeOf(interruption.cause()));
  }
}

/** The driver has left, so that `orch resume` works elsewhere meanwhile. */
async function leaveTime(
  { interruption, reporter }: Pick<Surroundings, "interruption" | "reporter">,
  { message, details }: OrchardError,
): Promise<boolean> {
  if (details["active"] === 0 || interruption.cause() !== "SIGINT") return false;
  reporter.report({ type: "warning", text: message, hint: "Ctrl+C again within 5 s ends the agents too" });
  return interruption.secondComes();
}

/** A run that another command does not go on with stays open, and whoever gives that command should know. */
function warnOfOpenRun(
  tracker: Tracker,
  { command, report }: { readonly command: string; readonly report: Surroundings["reporter"]["report"] },
): void {
  const { run } = tracker;
  if (command === "full" || run === undefined || run.endedAt !== undefined || activeDriver(tracker) !== undefined)
    return;
  const text = `the run that orch ${run.workflow} began at ${run.startedAt} has not come to its end, and this command does not go on with it`;
  report({ type: "warning", text, hint: "Go on with that run afterwards: orch resume. Begin a new one: orch full" });
}

function warnOfUnaccepted(
  reading: Awaited<ReturnType<Orchard["config"]>>,
  report: Surroundings["reporter"]["report"],
): void {
  if (reading.notAccepted.length === 0) return;
  const keys = reading.notAccepted.map(({ key }) => key).join(", ");
  const text = `orch.config.jsonc changed since you accepted it; not used: ${keys}`;
  report({ type: "warning", text, hint: "Look at it and accept it: orch doctor --accept" });
}

function withExitCode(error: OrchardError, exitCode: number): OrchardError {
  return Object.defineProperty(error, "exitCode", { value: exitCode });
}
