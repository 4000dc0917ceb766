import { expect, test } from "vitest";
import { edgesOf, read } from "./reading.ts";
import { LAYERED, SPECKIT } from "./samples.ts";

const headings: readonly (readonly [string, object])[] = [
  ["## Layer 1: Foundation", { kind: "layer", number: 1, label: "1", title: "Foundation" }],
  ["## 🏗️ Layer 2 — Core", { kind: "layer", number: 2, title: "Core" }],
  ["## L0 - Setup", { kind: "layer", number: 0, title: "Setup" }],
  ["## Phase 3.1: Database", { kind: "phase", number: 3.1, label: "3.1", title: "Database" }],
  ["## **Phase 2: Core**", { kind: "phase", number: 2, title: "Core" }],
  ["## フェーズ 2: 基盤", { kind: "phase", number: 2, title: "基盤" }],
  ["## 阶段 3：用户故事 1 - 搜索 (US1)", { kind: "phase", number: 3, title: "用户故事 1 - 搜索 (US1)" }],
  ["## 第二阶段：核心", { kind: "phase", number: 2, title: "核心" }],
  ["## User Story 2 - Import", { kind: "story", number: 2, label: "US2", title: "Import" }],
  ["## 004 Report", { kind: "section", number: 4, title: "004 Report" }],
  ["## Backend", { kind: "section", number: 1, title: "Backend" }],
];

test.each(headings)("%s opens a layer", (heading, layer) => {
  const { layers, tasks } = read(`# Tasks\n\n${heading}\n\n- [ ] T001 x`);
  expect(layers).toMatchObject([layer]);
  expect(tasks[0]!.layer).toBe(layers[0]!.number);
});

test("two layers of one number get different ones", () => {
  const { layers, findings } = read(
    "## Phase 1: A\n- [ ] T001 x\n## Phase 1: B\n- [ ] T002 x\n## Phase 3.1: C\n## Phase 3.10: D",
  );
  expect(layers.map(({ number, label }) => [number, label])).toEqual([
    [1, "1"],
    [5, "1"],
    [3.1, "3.1"],
    [6, "3.10"],
  ]);
  expect(findings.map(({ code }) => code)).toEqual(["DUPLICATE_LAYER"]);
});

test("in the layered dialect layers inform and block nobody", () => {
  const document = read(LAYERED);
  expect(document.dialect).toBe("layered");
  expect(document.layers).toMatchObject([
    { number: 1, title: "Foundation (Informational - Not Blocking)", dependsOn: [] },
    { number: 2, title: "Infrastructure", dependsOn: [1] },
  ]);
  expect(document.edges.every(({ kind }) => kind === "explicit")).toBe(true);
  expect(edgesOf(LAYERED)).toEqual([
    "T038<T031",
    "T038<T034",
    "T038<T037",
    "T047<T031",
    "T047<T032",
    "T051<T038",
    "T051<T047",
    "T058<T031",
  ]);
});

test("asked for, what a layer says of itself becomes inferred edges, and its place and order do not", () => {
  const source = LAYERED.replace("## Layer 2", "## Layer 3: Between\n- [ ] T050 x\n\n## Layer 2");
  const inferred = read(source, { inferred: true }).edges.filter(({ kind }) => kind === "inferred");
  expect(new Set(inferred.map(({ from }) => from))).toEqual(new Set(["layer"]));
  expect(inferred.filter(({ task }) => task === "T057").map(({ dependsOn }) => dependsOn)).toEqual([
    "T031",
    "T032",
    "T034",
    "T037",
  ]);
  expect(inferred.some(({ task, dependsOn }) => task === "T050" || dependsOn === "T050")).toBe(false);
});

const layerLines: readonly (readonly [string, readonly number[]])[] = [
  ["**Dependencies**: Layer 1 complete", [1]],
  ["**Dependencies**: Layer 1, Layer 2 deployed", [1, 2]],
  ["**Dependencies**: Layers 1-2", [1, 2]],
  ["Depends on: L1 and L2", [1, 2]],
  ["**Dependencies**: All layers complete", [1, 2]],
  ["**Dependencies**: None", []],
  ["Wait for Layer 1 ONLY if your task depends on it", []],
];

test.each(layerLines)("a layer with %j", (line, dependsOn) => {
  const source = `## Layer 1: A\n- [ ] T001 x\n## Layer 2: B\n- [ ] T002 x\n## Layer 3: C\n\n${line}\n\n- [ ] T003 x`;
  expect(read(source).layers.at(-1)!.dependsOn).toEqual(dependsOn);
});

test("a layer's heading says whom it needs and whom it blocks", () => {
  const { layers } = read("## Layer 1: A (BLOCKS Layer 3)\n- [ ] T001 x\n## Layer 2: B (needs Layer 1)\n## Layer 3: C");
  expect(layers.map(({ dependsOn }) => dependsOn)).toEqual([[], [1], [1]]);
});

test("tasks without ids get them from their text, so that a line put in above changes none", () => {
  const source =
    "## L0\n- [ ] Task: Create the repository\n  - [ ] a step\n- [x] Task: Constructor\n## L1\n- [ ] 创建模型\n";
  const ids = (text: string) => read(text).tasks.map(({ id, title, layer }) => [id, title, layer]);
  expect(ids(source)).toEqual([
    ["L0-create-the-repository", "Create the repository", 0],
    ["L0-constructor", "Constructor", 0],
    ["L1-eaf66d68", "创建模型", 1],
  ]);
  expect(ids(source.replace("## L1", "- [ ] New\n## L1"))).toEqual(expect.arrayContaining(ids(source) as unknown[]));
});

test("bullets with a command are tasks where nothing else is", () => {
  const { tasks } = read("## Layer 1: A\n- Create the models (`/models`, claude, simple)\n- a note\n");
  expect(tasks).toMatchObject([{ id: "L1-create-the-models", title: "Create the models", agent: "claude", layer: 1 }]);
});

test("spec-kit's phases, stories and order become inferred edges", () => {
  expect(read(SPECKIT).dialect).toBe("speckit");
  expect(edgesOf(SPECKIT, "explicit")).toEqual(["T006<T004", "T006<T005"]);
  expect(edgesOf(SPECKIT, "inferred")).toEqual([
    "T003<T001",
    "T003<T002",
    "T004<T003",
    "T005<T003",
    "T007<T006",
    "T008<T003",
    "T009<T007",
    "T009<T008",
    "T010<T009",
  ]);
  expect(edgesOf(SPECKIT, undefined, { inferred: false })).toEqual(["T006<T004", "T006<T005"]);
});

test("without a word on dependencies the usual order holds", () => {
  const source = SPECKIT.slice(0, SPECKIT.indexOf("## Dependencies"));
  expect(edgesOf(source, "inferred")).toEqual(edgesOf(SPECKIT, "inferred"));
});

const stories: readonly (readonly [string, readonly string[]])[] = [
  ["- **US2**: Depends on US1", ["T003<T002"]],
  ["- **User Story 2 (Phase 3)**: Depends on US1 (extends it) - can run in parallel with US3 after US1", ["T003<T002"]],
  ["- **User Story 2 (P2)**: Can start after Foundational (Phase 1) - No dependencies on other stories", ["T003<T001"]],
  ["- **User Story 2**: No dependencies on US1, can start immediately", []],
  ["- **User Story 2**: Independent of US1.", []],
  ["- US1 → US2", ["T003<T002"]],
  ["### User Story 2\n- Depends on US1", ["T003<T002"]],
  ["- **US2**: May integrate with US1 but should be independently testable", ["T003<T001"]],
];

test.each(stories)("a story of which is said %j", (said, edges) => {
  const phases =
    "## Phase 1: Foundational\n- [ ] T001 x\n## Phase 2: User Story 1\n- [ ] T002 x\n## Phase 3: User Story 2\n- [ ] T003 x";
  const inferred = edgesOf(`${phases}\n## Dependencies\n${said}`, "inferred");
  expect(inferred.filter((edge) => edge.startsWith("T003"))).toEqual(edges);
});

test("numbered tasks follow each other, a whole after its parts", () => {
  expect(edgesOf("- [ ] 1. a\n- [ ] 2. b\n- [ ] 2.1 c\n- [ ] 2.2 d\n- [ ] 3. e", "inferred")).toEqual([
    "2.1<1",
    "2.2<2.1",
    "2<2.2",
    "3<2",
  ]);
});

test("a plain list has no order", () => {
  expect(edgesOf("- [ ] T001 a\n- [ ] T002 b")).toEqual([]);
});

test("an explicit dependency against the order wins; what it leaves out, later tasks still wait for", () => {
  const source = "## Phase 1: A\n- [ ] T001 a (after T003)\n- [ ] T002 b\n- [ ] T003 c\n- [ ] T004 d";
  expect(edgesOf(source, "explicit")).toEqual(["T001<T003"]);
  expect(edgesOf(source, "inferred")).toEqual(["T002<T001", "T004<T002", "T004<T003"]);
  expect(read(source).findings).toMatchObject([{ code: "INFERRED_DROPPED", severity: "info", task: "T003" }]);
});

test("a task that will not be done holds nobody up by its place", () => {
  const source = "## Phase 1: A\n- [ ] T001 a\n- [ ] T002 SKIPPED b\n- [ ] T003 c";
  expect(edgesOf(source, "inferred")).toEqual(["T003<T001"]);
});

test("large groups side by side keep the number of edges linear and the barrier whole", () => {
  const phase = (n: number) =>
    `## Phase ${n}: x\n${Array.from({ length: 1000 }, (_, i) => `- [ ] T${n}${1000 + i} [P] x`).join("\n")}`;
  const { edges, tasks } = read([1, 2, 3].map(phase).join("\n"));
  expect(edges.length).toBeLessThan(3 * tasks.length);
  const reached = new Set(["T31500"]);
  for (const id of reached) for (const edge of edges) if (edge.task === id) reached.add(edge.dependsOn);
  expect([...reached].filter((id) => /^T[12]/.test(id)).length).toBe(2000);
});
