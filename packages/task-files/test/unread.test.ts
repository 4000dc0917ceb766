import { expect, test } from "vitest";
import { readLayeredTasks } from "../src/index.ts";

test.each([
  ["the auth thing", true],
  ["constructor", true],
  ["None", false],
  ["T001 and the auth thing", false],
  ["—", false],
])("a dependency %j that names no task is said: %s", (text, isSaid) => {
  const { findings } = readLayeredTasks(`- [ ] T001 one\n- [ ] T002 two\n      Dependencies: ${text}\n`);
  const said = findings.filter(({ code }) => code === "UNREAD_DEPENDENCY");
  expect(said.map(({ position }) => position)).toEqual(isSaid ? [{ line: 3, column: 7 }] : []);
});
