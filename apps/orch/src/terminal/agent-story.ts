import type { LoggedEvent } from "@orchard/agent-runner";
import type { Paint } from "@orchard/terminal";
import { agentEventLine } from "./agent-event-line.ts";

/** Tells the events of an attempt to a person, in order; `undefined` for one that would say what was just said. */
export function agentStory(paint: Paint): (event: LoggedEvent) => string | undefined {
  const begun = new Set<string>();
  let said = "";
  return (event) => {
    switch (event.type) {
      case "toolCall": {
        const call = `${event.tool} ${event.detail}`;
        if (event.state === "done" && begun.delete(call)) return undefined;
        if (event.state === "started") begun.add(call);
        return agentEventLine(event, paint);
      }
      case "text":
        if (event.from === "agent") said = event.text;
        return agentEventLine(event, paint);
      case "result":
        return agentEventLine(event.text === said ? { ...event, text: "" } : event, paint);
      default:
        return agentEventLine(event, paint);
    }
  };
}
