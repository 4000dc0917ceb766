import type { LoggedEvent } from "@orchard/agent-runner";
import { assertNever, printable, printableLine } from "@orchard/kernel";
import type { Paint } from "@orchard/terminal";

/** One event of an agent as text for people. The log is printable already; it is made so once more. */
export function agentEventLine(event: LoggedEvent, paint: Paint): string {
  switch (event.type) {
    case "text":
      return printable(event.text);
    case "session":
      return paint.dim(
        `session ${printableLine(event.session)}${event.model === undefined ? "" : `, ${printableLine(event.model)}`}`,
      );
    case "toolCall": {
      const call = `${printableLine(event.tool, 40)} ${printableLine(event.detail)}`.trim();
      if (event.state === "started" || event.state === "done") return paint.cyan(`→ ${call}`);
      return paint.yellow(`✗ ${call}${event.state === "denied" ? " (not permitted)" : ""}`);
    }
    case "cost": {
      const dollars = event.dollars === undefined ? "" : `, $${event.dollars.toFixed(4)}`;
      return paint.dim(`${event.inputTokens} tokens in, ${event.outputTokens} out${dollars}`);
    }
    case "limit":
      return paint.yellow(
        `${limitWords(event)}: ${printableLine(event.reason)}${event.resetsAt === undefined ? "" : `, resets ${event.resetsAt}`}`,
      );
    case "result": {
      const said = printable(event.text);
      if (event.ok) return paint.green(`✓ ${said === "" ? "ended its turn" : said}`);
      return paint.red(`✗ ${said === "" ? "ended its turn without success" : said}`);
    }
    case "dropped":
      return paint.yellow(`… ${event.bytes} bytes dropped: ${printableLine(event.reason)}`);
    case "emptied":
      return paint.dim(`… raw ${event.file} was read to the end and emptied`);
    case "other":
      return paint.dim(`${printableLine(event.name, 40)} ${printableLine(event.detail)}`);
    default:
      return assertNever(event);
  }
}

function limitWords({ state, status }: Extract<LoggedEvent, { type: "limit" }>): string {
  if (state !== "retrying") return `usage limit ${state}`;
  return `refused by the service${status === undefined ? "" : ` with status ${status}`}`;
}
