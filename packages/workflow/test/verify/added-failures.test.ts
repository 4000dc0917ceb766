import type { Receipt } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { addedFailures } from "../../src/verify/added-failures.ts";

const run = (code: number, failures?: readonly string[], more: Partial<Receipt> = {}): Receipt => ({
  commit: "c",
  command: "npm test",
  code,
  signal: null,
  timedOut: false,
  digest: `${code}${failures?.join()}${Math.random()}`,
  tail: "",
  elapsedMs: 1,
  ...(failures === undefined ? {} : { failures }),
  ...more,
});

test.each<[string, readonly Receipt[], readonly Receipt[], boolean, string]>([
  ["green stays green", [run(0)], [run(0)], false, "green as before"],
  ["red becomes green", [run(1, ["a"])], [run(0)], false, "green"],
  ["green becomes red", [run(0)], [run(1)], true, "green on the base, exit code 1 here"],
  ["the same failures", [run(1, ["a", "b"])], [run(1, ["a", "b"])], false, "nothing fails that did not"],
  ["fewer failures", [run(1, ["a", "b"])], [run(1, ["b"])], false, "nothing fails that did not"],
  ["another failure", [run(1, ["a"])], [run(1, ["b"])], true, "fails besides: b"],
  ["another exit code", [run(1, ["a"])], [run(2, ["a"])], true, "exit code 1 on the base, exit code 2 here"],
  ["out of time where it was not", [run(1)], [run(1, undefined, { timedOut: true })], true, "out of time here"],
  ["nothing is named: the exit code alone", [run(1)], [run(1)], false, "by exit code alone (exit code 1)"],
  ["nothing is named here, but on the base", [run(1, ["a"])], [run(1)], true, "the one here does not"],
  ["nothing is named on the base, but here", [run(1)], [run(1, ["a"])], true, "the base's does not"],
  [
    "the same output",
    [run(1, undefined, { digest: "d" })],
    [run(1, undefined, { digest: "d" })],
    false,
    "the very output",
  ],
  [
    "the better of two runs counts",
    [run(1, ["a"])],
    [run(1, ["a", "x"]), run(1, ["a"])],
    false,
    "nothing fails that did not",
  ],
  [
    "red of two runs on the base",
    [run(1, ["a"]), run(1, ["b"])],
    [run(1, ["a", "b"])],
    false,
    "nothing fails that did not",
  ],
  ["a command that the base never ran must be green", [], [run(1)], true, "not run on the base"],
])("%s", (_, base, tree, added, how) => {
  expect(addedFailures(base, tree)).toMatchObject([{ added, how: expect.stringContaining(how) as string }]);
});

test("each command is compared with itself", () => {
  const other = { command: ["npm", "run", "lint"] } as const;
  const found = addedFailures([run(1, ["a"]), run(0, undefined, other)], [run(1, ["a"]), run(1, undefined, other)]);
  expect(found.map(({ command, added }) => [command, added])).toEqual([
    ["npm test", false],
    ["npm run lint", true],
  ]);
});
