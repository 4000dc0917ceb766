import { expect, test } from "vitest";
import { agentsAtHand } from "../../src/agents/agents-at-hand.ts";

const robot = { robot: { command: "./agent.sh" } };
const claude = [{ name: "claude" }];

test("an agent that the configuration gives a command is at hand like one that is installed", () => {
  expect(agentsAtHand({ agents: robot }, [])).toEqual(["robot"]);
  expect(agentsAtHand({ agents: robot }, claude)).toEqual(["claude", "robot"]);
});

test("settings for an agent that is not installed bring none, and a command in place of an installed one no second", () => {
  expect(agentsAtHand({ agents: { codex: { permissions: "bypass" } } }, [])).toEqual([]);
  expect(agentsAtHand({ agents: { claude: { command: "./claude.sh" } } }, claude)).toEqual(["claude"]);
});
