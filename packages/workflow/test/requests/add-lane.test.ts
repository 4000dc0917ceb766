import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addLaneFromJson } from "../../src/index.ts";
import { type Garden, garden } from "../harness.ts";

let g: Garden;
beforeAll(async () => {
  g = await garden({ config: { attempts: 5, agents: { mine: { command: "true" } } } });
  g.repo.git(["branch", "lane-taken"]);
  mkdirSync(g.worktree("folder"), { recursive: true });
  await add("first", "{}");
});
afterAll(async () => g[Symbol.asyncDispose]());

const add = (id: string, json: string, replace = false) =>
  addLaneFromJson(g.orchard, id, json, { replace, source: "lane.json" });

test.each<[string, string, string, string, RegExp]>([
  ["an id that is a path", "../x", "{}", "BAD_ID", /is not a lane id/],
  ["an id in upper case", "API", "{}", "BAD_ID", /only a-z/],
  ["an id that is an option", "--force", "{}", "BAD_ID", /starts with '-'/],
  ["an id of 300 characters", "x".repeat(300), "{}", "BAD_ID", /300 characters long/],
  ["an id with a look-alike", "\u0430pi", "{}", "BAD_ID", /u0430|only a-z/],
  ["an id of every object", "__proto__", "{}", "BAD_ID", /reserved/],
  ["JSON that is none", "x", "{", "INVALID_INPUT", /^lane\.json:1:2: /],
  ["a field that is none", "x", '{"taks": []}', "INVALID_INPUT", /did you mean "tasks"/],
  ["a dependency that is none", "x", '{"dependsOn": ["ghost"]}', "UNKNOWN_DEPENDENCY", /"ghost"/],
  ["a dependency on itself", "x", '{"dependsOn": ["x"]}', "DEPENDENCY_CYCLE", /itself/],
  ["an id that is there", "first", "{}", "LANE_EXISTS", /exists already/],
  ["a branch of somebody else", "taken", "{}", "BRANCH_TAKEN", /"lane-taken"/],
  ["a folder of somebody else", "folder", "{}", "FOLDER_TAKEN", /agent-folder/],
])("refused, and nothing changed: %s", async (_name, id, json, code, words) => {
  const before = await g.orchard.folded();
  const refusal = await add(id, json).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code });
  expect((refusal as Error).message).toMatch(words);
  expect((await g.orchard.folded()).seq).toBe(before.seq);
});

test("a lane gets the attempts of the configuration and the seed's defaults", async () => {
  expect(await g.lane("first")).toMatchObject({
    state: "pending",
    attemptsAllowed: 5,
    definition: { parallel: false, priority: "medium", tasks: [] },
  });
});

test("an agent that neither Orchard nor the configuration knows is warned of, with the lane", async () => {
  const warnings = () => g.events.filter(({ type }) => type === "warning");
  await add("claude", '{"agent": "claude"}');
  await add("own", '{"agent": "mine"}');
  await add("itself", '{"agent": "a-name", "command": "true"}');
  expect(warnings()).toEqual([]);
  expect(await add("typo", '{"agent": "cluade"}')).toMatchObject({ outcome: "added" });
  expect(warnings()).toMatchObject([
    { text: expect.stringMatching(/lane typo.*"cluade"/), hint: expect.stringContaining("orch agents") },
  ]);
});

test("a pending lane is given another definition with replace, and a circle is refused with its whole path", async () => {
  expect(await add("second", '{"dependsOn": ["first"]}')).toMatchObject({ outcome: "added" });
  await expect(add("first", '{"dependsOn": ["second"]}', true)).rejects.toMatchObject({
    code: "DEPENDENCY_CYCLE",
    message: expect.stringMatching(/first → second → first|second → first → second/),
  });
  expect(await add("first", `{"tasks": ["it's \\"quoted\\""]}`, true)).toMatchObject({ outcome: "replaced" });
  expect((await g.lane("first")).definition.tasks).toEqual([`it's "quoted"`]);
});
