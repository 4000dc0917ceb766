import { expect, test } from "vitest";
import { boxes, codesOf, edgesOf, read } from "./reading.ts";

const onTask: readonly (readonly [string, readonly string[]])[] = [
  ["  Dependencies: T001, T002", ["T009<T001", "T009<T002"]],
  ["      Dependencies: T001 (REQUIRED before starting)", ["T009<T001"]],
  ["\tDependencies: T001", ["T009<T001"]],
  ["Dependencies: T001", ["T009<T001"]],
  ["  Dependencies: None", []],
  ["  Dependencies: none (T001 is independent)", []],
  ["  Dependencies: N/A", []],
  ["  - Dependencies: T001", ["T009<T001"]],
  ["  - **Dependencies**: T001", ["T009<T001"]],
  ["  - **Depends on:** T001, T002", ["T009<T001", "T009<T002"]],
  ["  - _Depends: T001_", ["T009<T001"]],
  ["  Blocked by: T001", ["T009<T001"]],
  ["  Requires: T001 and T002", ["T009<T001", "T009<T002"]],
  ["  **依赖**：T001、T002", ["T009<T001", "T009<T002"]],
  ["  依赖：无", []],
  ["  依存: T001", ["T009<T001"]],
  ["  Dependencies: T001-T003", ["T009<T001", "T009<T002", "T009<T003"]],
  ["  Dependencies: T001 – T003", ["T009<T001", "T009<T002", "T009<T003"]],
  ["  Dependencies: T001 through T002", ["T009<T001", "T009<T002"]],
  ["  Dependencies: T007+", ["T009<T007", "T009<T008", "T009<T009"]],
  ["  Dependencies: Phase 3 (T001) is done", ["T009<T001"]],
  ["  Dependencies:\n    - T001\n    - T002 (soon)\n    - nothing else", ["T009<T001", "T009<T002"]],
  ["  Blocks: T001, T002", ["T001<T009", "T002<T009"]],
  ["  Blocks: None", []],
  ["  Dependencies: T001 | Blocks: T002", ["T002<T009", "T009<T001"]],
  ["  Dependencies: None\n  Blocks: T002", ["T002<T009"]],
  ["  some text\n\n  Dependencies: T001", ["T009<T001"]],
  ["  Depends on T001.", ["T009<T001"]],
  ["  _Requirements: T001_", []],
  ["  Install dependencies", []],
  ["  ```\n  Dependencies: T001\n  ```", []],
  ["  <!-- Dependencies: T001 -->", []],
];

test.each(onTask)("a task with %j", (line, edges) => {
  expect(edgesOf(`- [ ] T009 x\n${line}\n\n${boxes(8)}`, "explicit")).toEqual(edges);
});

const inText: readonly (readonly [string, readonly string[]])[] = [
  ["x (depends on T001, T002)", ["T009<T001", "T009<T002"]],
  ["x (depends on `T001`)", ["T009<T001"]],
  ["x (Depends on: T001)", ["T009<T001"]],
  ["x (deps: T001 and T002)", ["T009<T001", "T009<T002"]],
  ["x (requires T001)", ["T009<T001"]],
  ["x (after T001)", ["T009<T001"]],
  ["x (blocked by T001-T003)", ["T009<T001", "T009<T002", "T009<T003"]],
  ["x (blocks T001)", ["T001<T009"]],
  ["x. Depends on T001.", ["T009<T001"]],
  ["x - Dependencies: T001", ["T009<T001"]],
  ["x（依赖 T001）", ["T009<T001"]],
  ["x depends on db+redis", []],
  ["Add ML dependencies to pyproject", []],
  ["x as in T001", []],
];

test.each(inText)("a task that says %j", (text, edges) => {
  expect(edgesOf(`- [ ] T009 ${text}\n${boxes(8)}`, "explicit")).toEqual(edges);
});

const prose: readonly (readonly [string, readonly string[]])[] = [
  ["- T004 depends on T001-T002", ["T004<T001", "T004<T002"]],
  ["- T001, T002 block T003, T004", ["T003<T001", "T003<T002", "T004<T001", "T004<T002"]],
  ["- Tests (T001-T002) before implementation (T003)", ["T003<T001", "T003<T002"]],
  ["- T001-T002 must pass before T003 begins", ["T003<T001", "T003<T002"]],
  ["- T006 precede T007+", ["T007<T006", "T008<T006"]],
  ["- T001 → T002/T003 → T004", ["T002<T001", "T003<T001", "T004<T002", "T004<T003"]],
  ["- T001 -> T002 => T003", ["T002<T001", "T003<T002"]],
  ["- **T005**: Can start after T001 (needs the type)", ["T005<T001"]],
  ["- All tasks are independent except T004 depends on T003", ["T004<T003"]],
  ["- Poller (T002) and processor (T003) are sequential", ["T003<T002"]],
  ["- **T001, T002, T003**: Sequential within the file", ["T002<T001", "T003<T002"]],
  ["- T001 can run in parallel with T002 (both depend on Phase 1 only)", []],
  ["- T002 does not depend on T001", []],
  ["- 设置任务 (T001-T002) 在测试实现 (T003) 之前", ["T003<T001", "T003<T002"]],
  ["- T002 在 T001 之后", ["T002<T001"]],
  ["- T002 依赖 T001", ["T002<T001"]],
  ["- T002はT001に依存", ["T002<T001"]],
  ["- Story work touches the installer (T003 depends on T001).", ["T003<T001"]],
  [
    "```\nT001 (Migration)\n  ↓\nT002-T003 (Tests) [P] ← MUST FAIL\n  ↓\nT004\n```",
    ["T002<T001", "T003<T001", "T004<T002", "T004<T003"],
  ],
  ["```\nTrack A: T001 → T002\nThen: T003\n```", ["T002<T001"]],
  ["```\nT001   T002\n  ↓      ↓\nT003   T004\n```", ["T003<T001", "T004<T002"]],
];

test.each(prose)("a section about dependencies with %j", (text, edges) => {
  expect(edgesOf(`${boxes(8)}\n\n## Dependencies\n\n${text}`, "explicit")).toEqual(edges);
});

test("what is said elsewhere about ids makes no edges", () => {
  const elsewhere = "## Parallel Example\n```\nT001 → T002\n```\n- T003 depends on T001\n\nT004 depends on T001.";
  expect(edgesOf(`${boxes(8)}\n\n${elsewhere}`, "explicit")).toEqual([]);
});

test("numbers are dependencies where tasks are numbered, requirements are none", () => {
  const source =
    "- [ ] 1. a\n- [ ] 2. b\n  - _Requirements: 1.1, 1_\n- [ ] 2.1 c\n  - _Depends: 1, 2_\n- [ ] 2.2 d (depends on 2.1)";
  expect(edgesOf(source, "explicit")).toEqual(["2.1<1", "2.1<2", "2.2<2.1"]);
});

test("every explicit edge knows its line and column", () => {
  const { edges } = read(
    "- [ ] T001 x\n- [ ] T002 y\n      Dependencies: None, T001\n- [ ] T003 z\r\n  Blocks:  T002\n",
  );
  expect(edges).toMatchObject([{ task: "T002", dependsOn: "T003", from: "blocks", position: { line: 5, column: 12 } }]);
});

test("an id that the file does not have stays a dependency, with an error at its place", () => {
  const source = "- [ ] T001 x\n  Dependencies: T404\n  Blocks: T405";
  expect(edgesOf(source)).toEqual(["T001<T404"]);
  expect(read(source).findings).toMatchObject([
    { code: "UNKNOWN_TASK", severity: "error", task: "T404", position: { line: 2, column: 17 } },
    { code: "UNKNOWN_TASK", severity: "warning", task: "T405", position: { line: 3, column: 11 } },
  ]);
});

test("an id that is written a little differently is taken for the one it resembles, with a warning", () => {
  expect(edgesOf("- [ ] T017 x\n- [ ] T018 y (depends on T17)", "explicit")).toEqual(["T018<T017"]);
  expect(codesOf("- [ ] T017 x\n- [ ] T018 y (depends on T17)")).toEqual(["ID_GUESSED 2:26"]);
  expect(edgesOf("- [ ] T-007 x\n- [ ] T-008 y (depends on t7)", "explicit")).toEqual(["T-008<T-007"]);
  expect(codesOf("- [ ] T7 x\n- [ ] T07 y\n- [ ] T8 z (depends on T007)")).toEqual(["UNKNOWN_TASK 3:24"]);
});

test("an open range ends with the last task and says so", () => {
  expect(codesOf(`${boxes(3)}\n- [ ] T009 x (after T002+)`)).toContain("OPEN_RANGE 4:21");
});

test("dependencies and blocks that disagree are one dependency and a warning", () => {
  const blocks = "- [ ] T001 x\n  Blocks: T002\n- [ ] T002 y\n  Dependencies: None";
  expect(edgesOf(blocks)).toEqual(["T002<T001"]);
  expect(codesOf(blocks)).toEqual(["BLOCKS_DISAGREE 2:11"]);
  const depends = "- [ ] T001 x\n  Blocks: None\n- [ ] T002 y\n  Dependencies: T001";
  expect(edgesOf(depends)).toEqual(["T002<T001"]);
  expect(codesOf(depends)).toEqual(["BLOCKS_DISAGREE 3:7"]);
});

test("one of the two lines missing is no disagreement, nor is saying it twice", () => {
  expect(codesOf("- [ ] T001 x\n  Blocks: T002\n- [ ] T002 y")).toEqual([]);
  expect(codesOf("- [ ] T001 x\n  Blocks: T002\n- [ ] T002 y\n  Dependencies: T001")).toEqual([]);
});

test("the shortest cycle is named with its lines", () => {
  const source =
    "- [ ] T001 a (after T003)\n- [ ] T002 b (after T001)\n- [ ] T003 c (after T002)\n- [ ] T004 d (after T005)\n- [ ] T005 e (after T004, T001)\n- [ ] T006 f (after T006)";
  const messages = read(source).findings.map(({ message }) => message);
  expect(messages).toEqual([
    "These tasks wait for each other: T001 waits for T003 (line 1), T003 waits for T002 (line 3), T002 waits for T001 (line 2).",
    "These tasks wait for each other: T004 waits for T005 (line 4), T005 waits for T004 (line 5).",
    "These tasks wait for each other: T006 waits for T006 (line 6).",
  ]);
});

test("of a knot with cycles of several lengths the shortest is named", () => {
  const ring = Array.from({ length: 20 }, (_, i) => `- [ ] T${100 + i} x (after T${100 + ((i + 1) % 20)})`);
  ring[7] = "- [ ] T107 x (after T108, T106)";
  const { findings } = read(ring.join("\n"));
  expect(findings.map(({ code, message }) => [code, message.match(/waits for/g)?.length])).toEqual([
    ["DEPENDENCY_CYCLE", 2],
  ]);
});
