import { isOrchardError } from "@orchard/kernel";
import { laneDefinitionSchema } from "@orchard/tracker-core/schemas";
import fc from "fast-check";
import { expect, test } from "vitest";
import { configSchema, type InputProblem, parseJsonInput } from "../../src/index.ts";
import { LONGEST_INPUT } from "../../src/input/parse-json-input.ts";

const lane = (text: string) => parseJsonInput(text, laneDefinitionSchema, { name: "lane.json" });
const config = (text: string) => parseJsonInput(text, configSchema, { name: "orch.config.jsonc", comments: true });

function refusal(parse: () => unknown) {
  try {
    parse();
  } catch (error) {
    if (!isOrchardError(error, "INVALID_INPUT")) throw error;
    return { ...error, message: error.message, problems: error.details["problems"] as readonly InputProblem[] };
  }
  throw new Error("It was accepted.");
}

test("what is right is given back with its defaults", () => {
  expect(lane('{"tasks": ["a"], "priority": "high"}')).toMatchObject({
    tasks: ["a"],
    priority: "high",
    parallel: false,
  });
});

test("a byte order mark is not part of the text", () => {
  expect(lane('\ufeff{"tasks": []}')).toMatchObject({ tasks: [] });
});

test.each<[string, string, InputProblem]>([
  [
    "a misspelt field names the nearest one",
    '{\n  "taks": ["a"]\n}',
    { line: 2, column: 3, field: "taks", message: 'unknown field; did you mean "tasks"?' },
  ],
  ["a field like no other", '{"zebra": 1}', { line: 1, column: 2, field: "zebra", message: "unknown field" }],
  [
    "a wrong type",
    '{\n  "tasks": "a"\n}',
    { line: 2, column: 3, field: "tasks", message: "expected array, received string" },
  ],
  [
    "one of many in a list",
    '{"tasks": [\n  "a",\n  7]}',
    { line: 3, column: 3, field: "tasks[1]", message: "expected string, received number" },
  ],
  [
    "a word that is not one of the words",
    '{"priority": "urgent"}',
    { line: 1, column: 2, field: "priority", message: 'Invalid option: expected one of "high"|"medium"|"low"' },
  ],
  ["an id that is none", '{"dependsOn": ["../x"]}', { line: 1, column: 16, field: "dependsOn[0]", message: "" }],
  ["a field given twice", '{"tasks": [],\n "tasks": ["a"]}', { line: 2, column: 2, field: "tasks", message: "" }],
  ["a name that would change every object", '{"a": {"__proto__": {}}}', { line: 1, column: 8, message: "" }],
  ["a missing comma", '{"tasks": []\n  "parallel": true}', { line: 2, column: 3, message: "invalid JSON" }],
  ["a list that does not end", '{"tasks": ["a"', { line: 1, column: 15, message: "invalid JSON" }],
  ["a text that does not end", '{"tasks": ["a]}', { line: 1, column: 12, message: "invalid JSON" }],
  ["nothing at all", "", { line: 1, column: 1, message: "invalid JSON" }],
  ["something after the end", "{} {}", { line: 1, column: 4, message: "invalid JSON" }],
  ["no object", "[]", { line: 1, column: 1, message: "expected object, received array" }],
  ["lines of Windows", '{\r\n  "parallel": 1\r\n}', { line: 2, column: 3, field: "parallel", message: "" }],
])("refused with its place: %s", (_name, text, expected) => {
  const { problems, message, kind } = refusal(() => lane(text));
  expect(kind).toBe("user");
  const { message: words, ...place } = expected;
  expect(problems[0]).toMatchObject(place);
  expect(problems[0]?.message).toContain(words);
  expect(message).toContain(`lane.json:${expected.line}:${expected.column}: `);
});

test("every problem is told at once", () => {
  const { problems } = refusal(() => lane('{"taks": [],\n"priority": 1,\n"parallel": "no"}'));
  expect(problems.map(({ field }) => field).sort()).toEqual(["parallel", "priority", "taks"]);
});

test("a nested unknown field is compared with the fields that stand there", () => {
  const { problems } = refusal(() => config('{"limits": {"idel": "1m"}}'));
  expect(problems).toEqual([
    { line: 1, column: 13, field: "limits.idel", message: 'unknown field; did you mean "idle"?' },
  ]);
});

test("comments and trailing commas are for configuration only", () => {
  const text = '{\n  // why\n  "squash": true, /* so */\n}';
  expect(config(text)).toEqual({ squash: true });
  expect(refusal(() => parseJsonInput(text, configSchema, { name: "x.json" })).problems.length).toBeGreaterThan(0);
});

test("more than a mebibyte is refused before it is parsed", () => {
  const atLimit = JSON.stringify({ tasks: ["x"] }).padEnd(LONGEST_INPUT);
  expect(lane(atLimit)).toMatchObject({ tasks: ["x"] });
  expect(refusal(() => lane(`${atLimit} `)).message).toContain("larger than 1048576 bytes");
  const wide = JSON.stringify({ tasks: ["\u65e5".repeat(LONGEST_INPUT / 2)] });
  expect(refusal(() => lane(wide)).message).toContain("larger than");
});

test("deep nesting is refused, however deep", () => {
  for (const depth of [65, 5_000, 500_000]) {
    expect(refusal(() => lane("[".repeat(depth))).message).toContain("nested deeper than 64 levels");
    expect(refusal(() => config(`/* " */ ${"[".repeat(depth)}`)).message).toContain("nested deeper");
  }
});

test("brackets inside of texts and comments are no nesting", () => {
  const code = "if (x) {".repeat(200);
  expect(lane(JSON.stringify({ tasks: [code, '["'.repeat(100)] }))).toMatchObject({ tasks: [code, '["'.repeat(100)] });
  expect(config(`{ // ${"[".repeat(100)}\n "squash": true }`)).toEqual({ squash: true });
});

test("a text full of faults is answered with the first of them", () => {
  const garbage = `[${"1 ".repeat(LONGEST_INPUT / 2 - 1)}`;
  const keys = `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":0`).join(",")}}`;
  const items = `{"tasks":[${"1,".repeat(900)}1]}`;
  const twice = `{${'"tasks":[],'.repeat(90_000)}"tasks":[]}`;
  for (const text of [garbage, keys, items, twice]) {
    const { problems, message } = refusal(() => lane(text));
    expect(problems).toHaveLength(100);
    expect(message.split("\n")).toHaveLength(21);
  }
});

const VALID = JSON.stringify({
  name: "Custom",
  tasks: ['a \u00e9 "q"', "b"],
  parallel: true,
  priority: "high",
  dependsOn: ["api"],
  command: ["sh", "-c", "true"],
  noChange: false,
});

test("whatever is cut out of a lane or put into it, it is a lane or is refused with problems that have a place", () => {
  const mutation = fc.record({
    at: fc.nat({ max: VALID.length }),
    cut: fc.nat({ max: 6 }),
    put: fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom("{", "}", "[", "]", '"', "\\", ",", ":", "\u0000", "\ud800"),
    ),
  });
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const text = mutations.reduce((now, { at, cut, put }) => now.slice(0, at) + put + now.slice(at + cut), VALID);
      try {
        expect(lane(text).tasks.length).toBeGreaterThanOrEqual(0);
      } catch (error) {
        if (!isOrchardError(error, "INVALID_INPUT")) throw error;
        const problems = error.details["problems"] as readonly InputProblem[];
        expect(problems.length).toBeGreaterThan(0);
        for (const { line, column } of problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
