import { expect, test } from "vitest";
import { laneAgent } from "../../src/tasks/lane-agent.ts";

test.each([
  ["an agent that task files may wish for", "api", "claude", "claude"],
  ["a command, which has no name", "api", "command", "api"],
  ["a lane in which nothing ran yet", "api", undefined, "api"],
  ["a name that is none on a command line", "api", "my agent", "api"],
  ["a lane whose id is no agent's name", "_api", "command", "agent-_api"],
])("whoever works in a lane is %s", (_what, lane, name, agent) => {
  expect(laneAgent(lane as never, name)).toBe(agent);
});
