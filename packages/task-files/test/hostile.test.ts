import { expect, test } from "vitest";
import { readLayeredTasks, tickTasks } from "../src/index.ts";
import { bytesOf, codesOf, idsOf, read } from "./reading.ts";

test("names that objects have are titles, agents and ids like any other", () => {
  const source =
    "## __proto__ @constructor\n- [ ] T001 @__proto__ toString (depends on constructor)\n- [ ] T002 hasOwnProperty\n  Dependencies: __proto__, T001\n";
  const { tasks, edges } = read(source);
  expect(tasks.map(({ id, agent }) => [id, agent])).toEqual([
    ["T001", "constructor"],
    ["T002", "constructor"],
  ]);
  expect(edges).toHaveLength(1);
  expect(idsOf("- [ ] constructor\n- [ ] __proto__")).toEqual(["task-constructor", "task-proto"]);
  expect(tickTasks(bytesOf(source), new Set(["__proto__", "constructor"]))).toEqual(bytesOf(source));
});

const nothing: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
  ["an empty file", "", ["EMPTY 1:1"]],
  ["a BOM alone", "\ufeff", ["EMPTY 1:1"]],
  ["blank lines", "\r\n \n\t\n", ["EMPTY 1:1"]],
  ["prose", "# Tasks\n\nNone yet.", ["NO_TASKS 1:1"]],
  ["a zero byte", "- [ ] T001 x\0", ["NOT_TEXT 1:1"]],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x2d, 0, 0x20, 0), ["NOT_TEXT 1:1"]],
  ["noise", Uint8Array.from({ length: 64 }, (_, i) => 0x80 + i), ["NOT_TEXT 1:1"]],
];

test.each(nothing)("%s has no tasks and says why", (_, source, codes) => {
  expect(read(source).tasks).toEqual([]);
  expect(codesOf(source)).toEqual(codes);
});

test("what a message quotes from the file is safe to print", () => {
  const source =
    "- [ ] T001 x\n## Phase 1: \u001b[31m\u202e\n## Phase 1: \u001b[31m\u202e\n- [ ] T001 y\n  Dependencies: T404";
  for (const { message } of read(source).findings) expect(message).not.toMatch(/[\u001b\u202e\n]/);
});

test("text and its bytes are read alike", () => {
  const source = "# é\r\n- [ ] T001 🎉 (after T002)\r\n- [x] T002 ü";
  expect(readLayeredTasks(source)).toEqual(readLayeredTasks(bytesOf(source)));
  expect(read(source).tasks.map(({ position, checkbox }) => [position.line, position.column, checkbox])).toEqual([
    [2, 7, 9],
    [3, 7, 39],
  ]);
});
