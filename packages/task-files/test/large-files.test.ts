import { expect, test } from "vitest";
import { mergeTicks, readLayeredTasks, tickTasks } from "../src/index.ts";
import { bytesOf } from "./reading.ts";

const MEGABYTES = 2_000_000;
const fill = (piece: string) => piece.repeat(Math.ceil(MEGABYTES / piece.length));
const list = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

/** Not one of them may take time that grows with its square: then this suite would not end. */
const sources: readonly (readonly [string, string])[] = [
  ["2 MB of prose", fill("It depends on the weather (after that), before the end blocks. ")],
  ["2 MB of prose in lines", fill("It depends on the weather (after that), before the end blocks.\n")],
  ["2 MB of blanks", `${fill(" ")}x`],
  ["a task with 2 MB of blanks", `- [ ] T001${fill(" ")}x`],
  ["a task with 2 MB of parentheses", `- [ ] T001 ${fill("(")}`],
  ["a task with 2 MB of unclosed dependencies", `- [ ] T001 ${fill("(depends on ")}`],
  ["a task with 2 MB of stars", `- [ ] T001 ${fill("*")}x`],
  ["a task with 2 MB of brackets", `- [ ] T001 ${fill("[P] ")}`],
  ["a task with 2 MB of ids", `- [ ] ${list(200_000, (i) => `T${i}`).replaceAll("\n", ", ")}`],
  ["2 MB of backticks", fill("`")],
  ["2 MB of fences", fill("```\n")],
  ["2 MB of comments", fill("<!-- ")],
  ["2 MB of headings", fill("# a\n## b\n### c\n")],
  ["deep nesting", list(1_500, (i) => `${" ".repeat(i)}- [ ] T${i} x`)],
  [
    "2 MB on one line of a section about dependencies",
    `- [ ] T001 x\n## Dependencies\n${fill("T001 depends on T002, Phase 1 → (T003) before US1 ")}`,
  ],
  ["20,000 tasks of one id", list(20_000, () => "- [ ] T001 x")],
  ["20,000 tasks without ids and of one title", list(20_000, () => "- [ ] the same")],
  ["20,000 ranges that are too large", list(20_000, (i) => `- [ ] T${i}000-T999999999 x`)],
  ["5,000 tasks that wait for all", list(5_000, (i) => `- [ ] T${10_000 + i} x\n  Dependencies: T10000-T99999`)],
  [
    "two groups of 10,000",
    `${list(20_000, (i) => `- [ ] T${10_000 + i} x`)}\n## Dependencies\n- T10000-T19999 before T20000-T29999`,
  ],
  ["a cycle of 10,000", list(10_000, (i) => `- [ ] T${10_000 + i} x (after T${10_000 + ((i + 1) % 10_000)})`)],
  [
    "2,000 phases that wait for all before",
    `${list(2_000, (i) => `## Phase ${i + 1}: x\n- [ ] T${10_000 + i} x`)}\n## Dependencies\n${list(2_000, (i) => `- Phase ${i + 2}: depends on Phases 1-${i + 1}`)}`,
  ],
];

test.each(sources)("%s is read to the end", (_, source) => {
  const bytes = bytesOf(source);
  const { tasks, edges } = readLayeredTasks(bytes, { inferred: true });
  expect(edges.length).toBeLessThanOrEqual(20_000 + 60 * tasks.length);
  expect(tickTasks(bytes, new Set())).toHaveLength(bytes.length);
});

test("a cycle of 100,000 tasks overflows no stack", () => {
  const { findings } = readLayeredTasks(
    list(100_000, (i) => `- [ ] T${100_000 + i} x (after T${100_000 + ((i + 1) % 100_000)})`),
  );
  expect(findings.map(({ code }) => code)).toEqual(["DEPENDENCY_CYCLE"]);
  expect(findings[0]!.message.length).toBeLessThan(3_000);
});

test("what does not fit is said once", () => {
  const source = list(3_000, (i) => `- [ ] T${10_000 + i} x\n  Dependencies: T10000-T99999`);
  const codes = readLayeredTasks(source).findings.map(({ code }) => code);
  expect(codes.filter((code) => code === "TOO_MANY_EDGES")).toHaveLength(1);
});

test("10,000 tasks are ticked and merged in one go", () => {
  const source = bytesOf(list(10_000, (i) => `- [ ] T${10_000 + i} x`));
  const [even, odd] = [0, 1].map(
    (rest) => new Set(Array.from({ length: 5_000 }, (_, i) => `T${10_000 + 2 * i + rest}`)),
  );
  const merged = mergeTicks(source, tickTasks(source, even!), tickTasks(source, odd!));
  expect(readLayeredTasks(merged!).tasks.every(({ done }) => done)).toBe(true);
});
