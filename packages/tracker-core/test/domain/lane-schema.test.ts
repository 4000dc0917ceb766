import fc from "fast-check";
import { expect, test } from "vitest";
import { laneDefinitionSchema } from "../../src/domain/schemas.ts";

const problems = (value: unknown) => {
  const checked = laneDefinitionSchema.safeParse(value);
  return checked.success ? [] : checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

test("the lane of the seed's example is a lane", () => {
  const example = {
    name: "Custom Analysis",
    tasks: ["Analyze performance", "Generate report"],
    parallel: true,
    priority: "high",
  };
  expect(laneDefinitionSchema.parse(example)).toEqual({ ...example, dependsOn: [], files: [], noChange: false });
});

test("an empty lane gets the seed's defaults: not parallel, medium priority", () => {
  expect(laneDefinitionSchema.parse({})).toEqual({
    tasks: [],
    parallel: false,
    priority: "medium",
    dependsOn: [],
    files: [],
    noChange: false,
  });
});

test.each<[string, unknown]>([
  ["a command as one line for the shell", { command: "claude -p \"$(cat)\" | tee 'log it's'" }],
  ["a command as a list", { command: ["node", "agent.js", ""] }],
  ["verify commands of both kinds", { verify: ["npm test", ["make", "check"]] }],
  ["no verify at all", { verify: [] }],
  ["tasks in any script", { tasks: ["größer", "日本語", "עברית", "🧪", "line\nbreak"] }],
  ["a lane it depends on", { dependsOn: ["api", "db.v2"] }],
])("accepted: %s", (_name, value) => expect(problems(value)).toEqual([]));

test.each<[string, unknown, RegExp]>([
  ["no object", [], /^: /],
  ["nothing", null, /^: /],
  ["text", "tasks", /^: /],
  ["an unknown field", { taks: [] }, /Unrecognized key: "taks"/],
  ["a field of the tracker", { status: "completed" }, /Unrecognized key/],
  ["tasks that are no list", { tasks: "do it" }, /^tasks: /],
  ["a task that is no text", { tasks: ["a", 1] }, /^tasks\.1: /],
  ["an empty task", { tasks: [""] }, /^tasks\.0: /],
  ["a priority of its own", { priority: "urgent" }, /^priority: /],
  ["a priority as a number", { priority: 1 }, /^priority: /],
  ["parallel as text", { parallel: "yes" }, /^parallel: /],
  ["an empty command", { command: "" }, /^command: /],
  ["a command without a program", { command: [] }, /^command: /],
  ["a command of numbers", { command: [1] }, /^command: /],
  ["a dependency that is a path", { dependsOn: ["../x"] }, /^dependsOn\.0: "\.\.\/x" is not a lane id/],
  ["a dependency in upper case", { dependsOn: ["API"] }, /^dependsOn\.0: /],
  ["a dependency of 300 characters", { dependsOn: ["x".repeat(300)] }, /300 characters long, 64 are allowed/],
  ["a Cyrillic look-alike", { dependsOn: ["\u0430pi"] }, /^dependsOn\.0: /],
  ["a full-width look-alike", { dependsOn: ["\uff41pi"] }, /^dependsOn\.0: /],
  ["an invisible letter", { dependsOn: ["a\u200bpi"] }, /^dependsOn\.0: /],
  ["a key of every object", { dependsOn: ["__proto__"] }, /reserved word/],
  ["an option", { dependsOn: ["--force"] }, /starts with '-'/],
  ["a name of a megabyte", { name: "x".repeat(1 << 20) }, /^name: /],
  ["a NUL in a task, which no program can be given", { tasks: ["a\0b"] }, /^tasks\.0: .*NUL/],
  ["a NUL in a command", { command: "echo a\0b" }, /^command: /],
  ["a NUL in an argument", { command: ["echo", "a\0b"] }, /^command\.1: /],
  ["a NUL in a verify command", { verify: ["x\0"] }, /^verify\.0: /],
  ["a NUL in the name", { name: "x\0" }, /^name: .*NUL/],
  ["a NUL in a file", { files: ["x\0"] }, /^files\.0: .*NUL/],
])("refused: %s", (_name, value, problem) => expect(problems(value).join("\n")).toMatch(problem));

test("a lane it needs twice is needed once", () => {
  expect(laneDefinitionSchema.parse({ dependsOn: ["a", "b", "a"] }).dependsOn).toEqual(["a", "b"]);
});

test("a key that would change every object is refused, and no object is changed", () => {
  const value: unknown = JSON.parse('{"__proto__": {"polluted": true}, "tasks": []}');
  expect(laneDefinitionSchema.safeParse(value).success).toBe(false);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test("whatever JSON is given, it is a lane that gives itself again, or it is refused with reasons", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const checked = laneDefinitionSchema.safeParse(value);
      if (checked.success) expect(laneDefinitionSchema.parse(checked.data)).toEqual(checked.data);
      else expect(checked.error.issues.length).toBeGreaterThan(0);
    }),
  );
});
