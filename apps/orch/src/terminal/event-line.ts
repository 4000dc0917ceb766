import { assertNever, printable, printableLine } from "@orchard/kernel";
import type { Paint } from "@orchard/terminal";
import type { WorkEvent } from "@orchard/workflow";

/** One event as one line for people (a red verify brings its output along). */
export function eventLine(event: WorkEvent, paint: Paint): string {
  switch (event.type) {
    case "driver-started":
      return paint.dim(`driver ${event.epoch} at work, pid ${process.pid}`);
    case "lane-preparing":
      return lane("○", event.lane, `worktree ${event.path}`);
    case "worktree-ready":
      return lane("○", event.lane, "worktree ready");
    case "files-brought": {
      const leftOut = event.leftOut === 0 ? "" : `, ${event.leftOut} left out`;
      const how = event.cloned ? "shared until changed" : "copied";
      const files = `${event.files} ignored ${event.files === 1 ? "file" : "files"}`;
      return lane("○", event.subject, `${files} brought in (${how})${leftOut}`);
    }
    case "ports-allocated": {
      const ports = Object.entries(event.ports).map(([variable, port]) => `${variable}=${port}`);
      return lane("○", event.lane, ports.join(" "));
    }
    case "setting-up":
      return lane("○", event.subject, `set-up: ${printableLine(event.command, 80)}`);
    case "worktree-set-up":
      return lane("○", event.lane, `set up in ${(event.elapsedMs / 1000).toFixed(1)} s`);
    case "attempt-intended":
      return lane("→", event.lane, `attempt ${event.number} with ${printableLine(event.agent, 40)}`);
    case "permissions-bypassed":
      return paint.yellow(
        lane("!", event.lane, `${printableLine(event.agent, 40)} may do everything: "permissions" is "bypass"`),
      );
    case "attempt-started":
      return lane("→", event.lane, `attempt ${event.number} runs, supervisor pid ${event.pid}`);
    case "attempt-adopted":
      return lane("→", event.lane, `attempt ${event.number} goes on under a new supervisor`);
    case "attempt-ended":
      return lane("→", event.lane, `agent ended: ${printableLine(event.outcome)}`);
    case "verifying":
      return lane(
        "→",
        event.subject,
        `verify${event.again === true ? " again" : ""}: ${printableLine(event.command, 80)}`,
      );
    case "gate-flaky":
      return paint.yellow(
        lane("!", event.subject, `flaky: ${printableLine(event.command, 80)} was red, then green on the same tree`),
      );
    case "regenerated":
      return lane("→", event.subject, `made anew: ${event.files.map((file) => printableLine(file)).join(", ")}`);
    case "lane-completed": {
      const files = `${event.files} ${event.files === 1 ? "file" : "files"} changed`;
      return paint.green(
        lane("✓", event.lane, `completed, ${files}${howVerified({ ...event, verified: !event.unverified })}`),
      );
    }
    case "attempt-failed":
      return paint.red(failure(event));
    case "lane-stopped":
      return paint.yellow(lane("⊗", event.lane, `stopped: ${printableLine(event.reason)}`));
    case "base-checked":
      return event.green
        ? paint.dim(`base ${event.commit.slice(0, 10)} is green`)
        : paint.red(`base ${event.commit.slice(0, 10)} is red`);
    case "lane-landed":
      return paint.green(lane("✓", event.lane, `landed as ${event.commit.slice(0, 10)}${howVerified(event)}`));
    case "lane-conflicted": {
      const others = event.with.length === 0 ? "what has landed" : event.with.join(", ");
      return paint.yellow(
        lane(
          "⊗",
          event.lane,
          `conflicts with ${others} in ${event.files.map((file) => printableLine(file)).join(", ")}`,
        ),
      );
    }
    case "lane-rejected":
      return paint.red(lane("✗", event.lane, `not landed: ${printable(event.reason)}`));
    case "lane-waits":
      return paint.dim(lane("○", event.lane, `waits: ${event.reason}`));
    case "lock-awaited":
      return paint.dim(`waiting for ${printableLine(event.path)}, held by ${printableLine(event.holder)}`);
    case "warning":
      return paint.yellow(`warning: ${event.text}${event.hint === undefined ? "" : `\nhint: ${event.hint}`}`);
    default:
      return assertNever(event);
  }
}

/** The reason's first line beside the lane, what a command printed below it. */
function failure({ lane: id, reason, again, retryAt }: Extract<WorkEvent, { type: "attempt-failed" }>): string {
  const [first = "", ...rest] = printable(reason).trimEnd().split("\n");
  const next = again ? ` (it is tried again${retryAt === undefined ? "" : ` after ${retryAt}`})` : "";
  return [lane("✗", id, `${first}${next}`), ...rest.map((line) => `    ${line}`)].join("\n");
}

/** What is to be said of a landing that is not simply verified. */
export function howVerified({
  verified,
  onRedBase,
}: {
  readonly verified: boolean;
  readonly onRedBase?: true;
}): string {
  if (onRedBase === true) return ", on a red base: it adds no failure";
  return verified ? "" : ", unverified";
}

function lane(symbol: string, id: string, text: string): string {
  return `${symbol} ${id}  ${text}`;
}
