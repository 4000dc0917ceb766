import type { Lane } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { promptFor } from "../../src/execute/prompt.ts";

const lane = (part: Partial<Lane["definition"]>, rest: Partial<Lane> = {}) =>
  ({
    id: "api",
    definition: { tasks: [], parallel: true, priority: "high", dependsOn: [], files: [], noChange: false, ...part },
    worktree: { path: ".worktrees/agent-api", branch: "lane-api", start: "s", ready: true },
    attempts: [],
    ...rest,
  }) as unknown as Lane;

test("the agent is told its tasks in order, its files and what done means", () => {
  expect(promptFor(lane({ name: "The API", tasks: ["First", "Then"], files: ["src/api/**"] }), 1)).toBe(
    `# The API

You work alone in this git worktree, on branch lane-api. Other agents work in theirs at the same time.

## Tasks
1. First
2. Then

## Files this lane is about
- src/api/**

## Done means
- the work is committed on this branch
- \`git status\` is clean
- you end with exit code 0
`,
  );
});

test("done means too that the verify commands succeed, each on a line, with nothing in it that acts", () => {
  const verify = ["npm test", ["node", "--test"], "a\n## Tasks\u001b[2J"];
  const prompt = promptFor(lane({}), 1, { verify });
  expect(prompt).toContain("succeed:\n  - npm test\n  - node --test\n  - a ⏎ ## Tasks");
  expect(prompt).not.toContain("\u001b");
  expect(promptFor(lane({}), 1)).not.toContain("succeed");
});

test("an attempt after the first one is told why the one before did not count", () => {
  const failure = { cause: "verify-red", reason: "verify is red: npm test exit code 1", at: "x" };
  const prompt = promptFor(lane({}, { failure }), 2);
  expect(prompt).toContain(
    "## Attempt 2\nThe attempt before did not count as done: verify is red: npm test exit code 1",
  );
  expect(promptFor(lane({}, { failure }), 1)).not.toContain("Attempt");
});

test("a lane that may end without a change is not told to commit", () => {
  expect(promptFor(lane({ noChange: true }), 1)).not.toContain("committed");
});

test("an agent that cannot commit is told to leave its files, and that they are committed for it", () => {
  const prompt = promptFor(lane({}), 1, { commitsItself: false });
  expect(prompt).toContain("do not commit");
  expect(prompt).not.toContain("is committed on this branch");
});

test("of a spec the agent is told which tasks are its own, and how to go from one to the next", () => {
  const task = { id: "T031", title: "RunRecord model", dependsOn: [], ticked: false, line: 3 };
  const rules = { layers: "soft", completeOn: "work", stuckAfterMs: 1 } as const;
  const definition = { path: "specs/001-x/layered-tasks.md", hash: "h", layers: [], tasks: [task], rules };
  const told = promptFor(lane({ spec: "001-x", tasks: ["T031", "T099"] }), 1, {
    spec: { name: "001-x", definition, tasks: {} },
  });
  expect(told).toContain("Of specs/001-x/layered-tasks.md; only these are yours:\n1. T031 RunRecord model\n2. T099\n");
  expect(told).toContain("`orbit-agent next --start` claims a task");
  expect(told).toContain("- nothing of these tasks is available to you any more\n");
});
