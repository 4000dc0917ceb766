import fc from "fast-check";
import { expect, test } from "vitest";
import { type CommandShape, type Given, optionsOf } from "../../src/shape/command-shape.ts";
import { commanderOf } from "../../src/shape/commander-of.ts";
import { readGiven } from "../../src/shape/read-given.ts";
import { findShape, SHAPES } from "../../src/shape/shapes.ts";

const wordOf = (shape: CommandShape) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...optionsOf(shape).flatMap(({ name }) => [`--${name}`, `--${name}=x`])) },
    { weight: 4, arbitrary: fc.constantFrom("T031", "001", "001/T031", "sync", "get", "lanes.a b", "", "é") },
    {
      weight: 1,
      arbitrary: fc.constantFrom("--", "-h", "--help", "--no-json", "--agen", "--json=1", "-", "-x", "--agent="),
    },
    { weight: 1, arbitrary: fc.string() },
  );

test.each(SHAPES.map((shape) => [shape.name, shape] as const))(
  "what the quick reader reads of any command line of %s, commander reads too",
  async (_name, shape) => {
    const lines = fc.array(wordOf(shape), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(lines, async (argv) => {
        const quick = readGiven(shape, argv);
        if (quick !== undefined)
          expect({ argv, given: quick }).toEqual({ argv, given: await byCommander(shape, argv) });
      }),
      { numRuns: 300 },
    );
  },
);

test.each<[string, readonly string[]]>([
  ["available-tasks", ["001", "--agent", "claude", "--any", "--json"]],
  ["list-available", ["--for=claude"]],
  ["next", []],
  ["why", ["001/T031"]],
  ["complete", ["T1", "--no-code", "--reason", "nothing to do"]],
  ["note", ["T1", "ids", "are", "ULIDs"]],
  ["tracker", ["get", "lanes.docs"]],
])("the quick reader reads the plain command line %s %j itself", (name, argv) => {
  expect(readGiven(findShape(name) as CommandShape, argv)).toBeDefined();
});

test("no two commands share a spelling, and the seed's spellings are there", () => {
  const spellings = SHAPES.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(new Set(spellings).size).toBe(spellings.length);
  for (const word of ["check-available-tasks", "list-available", "start-task", "complete-task", "layer-status"]) {
    expect(findShape(word)).toBeDefined();
  }
});

test("every example calls its own command", () => {
  for (const shape of SHAPES) {
    const [program, name, ...rest] = shape.example.match(/"[^"]*"|\S+/g) ?? [];
    expect([program, findShape(name)?.name]).toEqual(["orbit-agent", shape.name]);
    expect(readGiven(shape, rest), shape.example).toBeDefined();
  }
});

async function byCommander(shape: CommandShape, argv: readonly string[]): Promise<Given | string> {
  let read: Given | undefined;
  const command = commanderOf(shape, async (given) => {
    read = given;
  });
  command.exitOverride().configureOutput({ outputError: () => undefined, writeOut: () => undefined });
  try {
    await command.parseAsync([...argv], { from: "user" });
  } catch (error) {
    return String(error);
  }
  return read ?? "nothing";
}
