import { expect, test } from "vitest";
import type { TaskEntry } from "../src/index.ts";
import { codesOf, idsOf, read, taskOf } from "./reading.ts";

const lines: readonly (readonly [string, Partial<TaskEntry>])[] = [
  ["- [ ] T012 Write it", { id: "T012", title: "Write it", done: false, mark: " ", parallel: false }],
  ["- [x] T012 Write it", { done: true, mark: "x" }],
  ["- [X] T012 Write it", { done: true, mark: "X" }],
  ["- [~] T012 Write it", { done: false, mark: "~" }],
  ["- [-] T012 Write it", { done: false, mark: "-" }],
  ["- [>] T012 Write it", { done: false, mark: ">" }],
  ["- [✅] T012 Write it", { done: true, checkbox: undefined }],
  ["* [ ] T012 Write it", { id: "T012", checkbox: 3 }],
  ["+ [ ] T012 Write it", { id: "T012" }],
  ["1. [ ] T012 Write it", { id: "T012", checkbox: 4 }],
  ["\t- [ ] T012 Write it", { id: "T012", checkbox: 4, position: { line: 1, column: 8 } }],
  ["- [ ] **T012** Write it", { id: "T012", title: "Write it", position: { line: 1, column: 9 } }],
  ["- [ ] **T012 [P]** Write it", { id: "T012", parallel: true, title: "Write it" }],
  ["- [ ] **T012**: Write **it**", { title: "Write **it**" }],
  ["- [ ] T012: Write it", { title: "Write it" }],
  ["- [ ] T012 - Write it", { title: "Write it" }],
  ["- [ ] [T012] [P] Write it", { id: "T012", parallel: true, title: "Write it" }],
  ["- [ ] T012 [P] [US3] @claude Write it", { parallel: true, story: "US3", agent: "claude", title: "Write it" }],
  ["- [ ] T012 @claude [US3] [P] Write it", { parallel: true, story: "US3", agent: "claude", title: "Write it" }],
  ["- [ ] [P] T012 [P1] Write it", { parallel: true, title: "Write it" }],
  ["- [ ] T012 [CRITICAL] Write it", { title: "Write it" }],
  ["- [ ] T012 [docs](a.md) are old", { title: "[docs](a.md) are old" }],
  ["- [ ] T012 Write it @claude", { agent: "claude", title: "Write it" }],
  ["- [ ] T012 Mark as @deprecated", { agent: undefined, title: "Mark as @deprecated" }],
  ["- [ ] T012 @types/node is old", { agent: undefined, title: "@types/node is old" }],
  ["- [ ] T012 @claude-2: Write it", { agent: "claude-2", title: "Write it" }],
  ["- [ ] T012 Write it ✅", { done: true, title: "Write it" }],
  ["- [ ] T012 ✅ Write it", { done: true, title: "Write it" }],
  ["- [ ] T012 Show ✅ when ready", { done: false, title: "Show ✅ when ready" }],
  ["- [ ] T012 Write it 🚧", { done: false, flag: "started", title: "Write it" }],
  ["- [ ] T012 Write it (DEFERRED - no time)", { flag: "deferred" }],
  ["- [ ] T012 SKIPPED: Write it", { flag: "skipped" }],
  ["- [ ] T012 ~~Write it~~", { flag: "removed", title: "Write it" }],
  ["- [ ] T012 Write it (depends on T010, T011)", { title: "Write it" }],
  ["- [ ] T012 Write compose.yaml (depends on db+redis)", { title: "Write compose.yaml (depends on db+redis)" }],
  ["- [ ] T012a Write it", { id: "T012a" }],
  ["- [ ] T-007 Write it", { id: "T-007" }],
  ["- [ ] T1-2 Write it", { id: "T1-2" }],
  ["- [ ] TASK-4 Write it", { id: "TASK-4" }],
  ["- [ ] Task 4: Write it", { id: "4", title: "Write it" }],
  ["- [ ] 1. Write it", { id: "1", title: "Write it" }],
  ["- [ ] 1.2 Write it", { id: "1.2", title: "Write it" }],
  ["- [ ]* 1.2 Write it (P)", { id: "1.2" }],
  ["- [ ] 1.2 (P) Write it", { id: "1.2", parallel: true, title: "Write it" }],
  ["### T012: Write it", { id: "T012", title: "Write it", checkbox: undefined, mark: "" }],
  ["#### [ ] T-012: 创建", { id: "T-012", title: "创建", checkbox: 6 }],
  ["### **Task T-001: Core** 🏗️", { id: "T-001" }],
  ["### Task 1.1: Write it", { id: "1.1", title: "Write it" }],
  ["### Task 1：写（已完成）", { id: "1", title: "写", done: true }],
  ["- T012 Write it", { id: "T012", checkbox: undefined, mark: "" }],
  ["- [ ] T012 設定を書く 🎉", { title: "設定を書く 🎉" }],
];

test.each(lines)("%s", (line, expected) => {
  expect(taskOf(line)).toMatchObject(expected);
});

const several: readonly (readonly [string, readonly string[]])[] = [
  ["- [ ] T057-T060 Adapters", ["T057", "T058", "T059", "T060"]],
  ["- [ ] T057–T059 Adapters", ["T057", "T058", "T059"]],
  ["- [ ] T057 to T059 Adapters", ["T057", "T058", "T059"]],
  ["- [ ] T057..T059 Adapters", ["T057", "T058", "T059"]],
  ["- [ ] T300-302 Adapters", ["T300", "T301", "T302"]],
  ["- [ ] T300–302 Adapters", ["T300", "T301", "T302"]],
  ["- [ ] T098-T102 Adapters", ["T098", "T099", "T100", "T101", "T102"]],
  ["- [ ] T98-T102 Adapters", ["T98", "T99", "T100", "T101", "T102"]],
  ["- [ ] T012a/b/c Adapters", ["T012a", "T012b", "T012c"]],
  ["- [ ] T012/T014 Adapters", ["T012", "T014"]],
  ["- [ ] T012, T014: Adapters", ["T012", "T014"]],
  ["- [ ] T012 - 5 items", ["T012"]],
];

test.each(several)("%s is that many tasks with one box", (line, ids) => {
  const { tasks } = read(line);
  expect(tasks.map(({ id }) => id)).toEqual(ids);
  for (const { id, checkbox, sharesCheckboxWith } of tasks) {
    expect(checkbox).toBe(3);
    expect(sharesCheckboxWith).toEqual(ids.filter((other) => other !== id));
  }
});

const none: readonly (readonly [string, string])[] = [
  ["a fence", "- [ ] T001 x\n```\n- [ ] T002 x\n```"],
  ["a fence of tildes with backticks inside", "- [ ] T001 x\n~~~md\n```\n- [ ] T002 x\n```\n~~~"],
  ["a longer fence around a shorter one", "- [ ] T001 x\n````\n```\n- [ ] T002 x\n```\n- [ ] T003 x\n````"],
  ["a fence behind a bullet", "- [ ] T001 x\n  - ```sh\n    - [ ] T002 x\n    ```"],
  ["a comment", "- [ ] T001 x\n<!-- - [ ] T002 x -->"],
  ["a comment of several lines", "- [ ] T001 x\n<!--\n- [ ] T002 x\n-->"],
  ["front matter", "---\n- [ ] T002 x\n---\n- [ ] T001 x"],
  ["a legend", "- [ ] T001 x\n- [P] T002 means parallel"],
  ["a section about the format", "## Format\n- [ ] T002 [P] Description\n## Phase 1: Work\n- [ ] T001 x"],
  ["a summary that repeats it", "- [ ] T001 x\n## Summary\n- [x] T001 x"],
  ["a link", "- [ ] T001 x\n- [x](T002)\n- [x]: T002"],
  ["a step without an id", "- [ ] T001 x\n  - [ ] write the test\n  - [ ] 2 files"],
  ["a bullet that speaks of a task", "- [ ] T001 x\n- **T002**: kept in a helper"],
  ["inline code", "- [ ] T001 x\n`- [ ] T002 x`"],
  ["a quotation", "- [ ] T001 x\n> - [ ] T002 x"],
];

test.each(none)("%s holds no task", (_, source) => {
  expect(idsOf(source)).toEqual(["T001"]);
});

test("a comment sign in inline code hides nothing", () => {
  expect(idsOf("- [ ] T001 strip `<!--` marks\n- [ ] T002 x")).toEqual(["T001", "T002"]);
});

test("a task that stands only in a section which usually repeats is not lost", () => {
  expect(idsOf("## Setup and Dependencies\n- [ ] T001 Add the dependencies\n## Notes\n- [ ] T002 x")).toEqual([
    "T001",
    "T002",
  ]);
});

test("an unclosed fence and an unclosed comment are said", () => {
  expect(codesOf("- [ ] T001 x\n```\n- [ ] T002 x")).toEqual(["UNCLOSED_FENCE 2:1"]);
  expect(codesOf("- [ ] T001 x\n<!--\n- [ ] T002 x")).toEqual(["UNCLOSED_COMMENT 2:1"]);
});

test("of two tasks with one id the first stays, the other is named with its line", () => {
  const { tasks, findings } = read("- [ ] T001 first\n\n- [x] T001 second");
  expect(tasks.map(({ title }) => title)).toEqual(["first"]);
  expect(findings).toMatchObject([{ code: "DUPLICATE_TASK", task: "T001", position: { line: 3, column: 7 } }]);
  expect(findings[0]!.message).toContain("line 1");
});

test("ids that differ by case only are two tasks and a warning", () => {
  expect(idsOf("- [ ] T001a x\n- [ ] T001A y")).toEqual(["T001a", "T001A"]);
  expect(codesOf("- [ ] T001a x\n- [ ] T001A y")).toEqual(["CASE_CLASH 2:7"]);
  expect(codesOf("- [ ] T001A x\n- [ ] T002 y\n- [ ] T001a z\n- [ ] T002 w")).toEqual([
    "CASE_CLASH 3:7",
    "DUPLICATE_TASK 4:7",
  ]);
});

test("a range that is too large or runs backwards is said", () => {
  expect(codesOf("- [ ] T001-T999999999 x")).toEqual(["RANGE_TOO_LARGE 1:7"]);
  expect(idsOf("- [ ] T001-T999999999 x")).toEqual(["T001"]);
  expect(codesOf("- [ ] T003-T001 x")).toEqual(["RANGE_REVERSED 1:7"]);
  expect(idsOf("- [ ] T003-T001 x")).toEqual(["T001", "T002", "T003"]);
});

test("a box without room for a tick is a task that cannot be ticked", () => {
  expect(taskOf("- [] T001 x").checkbox).toBeUndefined();
  expect(codesOf("- [] T001 x")).toEqual(["NOT_TICKABLE 1:6"]);
});

test("numbers are ids where tasks are numbered, and steps where they are not", () => {
  expect(idsOf("- [ ] 1. a\n- [ ] 1.1 b\n- [ ] 1.2 c")).toEqual(["1", "1.1", "1.2"]);
  expect(codesOf("- [ ] T001 a\n- [ ] T002 b\n- [ ] 1.1 b")).toEqual(["OTHER_IDS 3:7"]);
});

test("a heading above a box of the same id is that task's title", () => {
  expect(taskOf("### T001: Write\n- [ ] T001 Write it")).toMatchObject({ checkbox: 19, title: "Write it" });
});

test("agents come from the line, else from the nearest heading that names one", () => {
  const { tasks } = read(
    "## @qwen\n- [ ] T001 a\n### Stream B (@codex)\n- [ ] T002 b\n- [ ] T003 @claude c\n### Docs\n- [ ] T004 d\n# Other\n- [ ] T005 e",
  );
  expect(tasks.map(({ agent }) => agent)).toEqual(["qwen", "codex", "claude", "qwen", undefined]);
});
