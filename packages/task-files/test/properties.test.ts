import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeTicks, readLayeredTasks, type TaskDocument, tickTasks } from "../src/index.ts";
import { boxes, bytesOf, read } from "./reading.ts";
import { LAYERED, SPECKIT } from "./samples.ts";

const runs = process.env["ORCHARD_LONG"] === "1" ? 5_000 : 300;
const lineEnd = fc.constantFrom("\n", "\r\n");
const id = fc.integer({ min: 1, max: 12 }).map((n) => `T${String(n).padStart(3, "0")}`);
const ids = fc.uniqueArray(id, { maxLength: 3 }).map((some) => some.join(", ") || "None");
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(" ", "x", "~"),
        id,
        fc.constantFrom("", "[P] ", "[US1] ", "@claude "),
        fc.constantFrom("a", "é 🎉", "任务"),
      )
      .map(([mark, one, label, text]) => `- [${mark}] ${one} ${label}${text}`),
  },
  { weight: 2, arbitrary: fc.tuple(id, id).map(([from, to]) => `- [ ] ${from}-${to} range`) },
  { weight: 3, arbitrary: ids.map((some) => `  Dependencies: ${some}`) },
  { weight: 2, arbitrary: ids.map((some) => `  Blocks: ${some}`) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }).map((n) => `## Phase ${n}: x`) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }).map((n) => `## Phase ${n + 2}: User Story ${n}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "## Layer 1: x",
      "## Dependencies",
      "```",
      "<!--",
      "-->",
      "",
      "text",
      "- [ ] step",
      "  - [x] step",
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(id, fc.constantFrom("depends on", "→", "blocks"), id)
      .map(([a, word, b]) => `- ${a} ${word} ${b}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .map(([a, b]) => `- Phase ${a}: Depends on Phase ${b}`),
  },
);
const file = fc
  .tuple(fc.array(line, { maxLength: 40 }), lineEnd, fc.boolean())
  .map(([lines, end, bom]) => (bom ? "\ufeff" : "") + lines.join(end));

test("ticking a task changes exactly its byte, and the file then says that it is done", () => {
  fc.assert(
    fc.property(file, fc.nat(), (text, pick) => {
      const source = bytesOf(text);
      const open = readLayeredTasks(source).tasks.filter(
        (task) => task.sharesCheckboxWith.length === 0 && task.checkbox !== undefined && task.mark !== "x",
      );
      const task = open[pick % Math.max(1, open.length)];
      if (task === undefined) return;
      const ticked = tickTasks(source, new Set([task.id]));
      expect([...source.keys()].filter((i) => source[i] !== ticked[i])).toEqual([task.checkbox]);
      const after = readLayeredTasks(ticked);
      expect(after.tasks.find((one) => one.id === task.id)).toMatchObject({
        done: true,
        mark: "x",
        checkbox: task.checkbox,
      });
      expect(after.tasks.map((one) => one.id)).toEqual(readLayeredTasks(source).tasks.map((one) => one.id));
    }),
    { numRuns: runs },
  );
});

test("no inferred edge is part of a cycle", () => {
  fc.assert(
    fc.property(file, (text) => {
      const { tasks, edges } = readLayeredTasks(text, { inferred: true, dialect: "speckit" });
      const next = new Map(
        tasks.map((task) => [task.id, edges.filter((edge) => edge.task === task.id).map((edge) => edge.dependsOn)]),
      );
      for (const { task, dependsOn, kind } of edges) {
        if (kind === "inferred") expect(reaches(next, dependsOn, task)).toBe(false);
      }
    }),
    { numRuns: runs },
  );
});

test("an order in the file holds over every chain of edges, unless explicit ones say otherwise", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { minLength: 1, maxLength: 14 }),
      (shape) => {
        const sorted = shape.toSorted((a, b) => a[0] - b[0]);
        const lines = sorted.flatMap(([phase, parallel], i) => [
          ...(sorted[i - 1]?.[0] === phase ? [] : [`## Phase ${phase}: x`]),
          `- [ ] T${100 + i} ${parallel ? "[P] " : ""}x`,
        ]);
        const { tasks, edges } = readLayeredTasks(lines.join("\n"), { dialect: "speckit" });
        const next = new Map(
          tasks.map((task) => [task.id, edges.filter((edge) => edge.task === task.id).map((edge) => edge.dependsOn)]),
        );
        for (const [i, later] of tasks.entries()) {
          for (const earlier of tasks.slice(0, i)) {
            const waits = later.layer !== earlier.layer || !later.parallel;
            expect(reaches(next, later.id, earlier.id), `${later.id} ${earlier.id}\n${lines.join("\n")}`).toBe(waits);
          }
        }
      },
    ),
    { numRuns: runs },
  );
});

test("ids are unique, every edge is between tasks or has a finding, every position is in the file", () => {
  fc.assert(
    fc.property(file, (text) => {
      const { tasks, edges, findings, layers } = readLayeredTasks(text, { inferred: true });
      const known = new Set(tasks.map((task) => task.id));
      const unknown = new Set(findings.filter(({ code }) => code === "UNKNOWN_TASK").map(({ task }) => task));
      const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
      expect(known.size).toBe(tasks.length);
      expect(new Set(layers.map(({ number }) => number)).size).toBe(layers.length);
      for (const { task, dependsOn } of edges)
        expect(known.has(task) && (known.has(dependsOn) || unknown.has(dependsOn))).toBe(true);
      expect(new Set(edges.map((edge) => `${edge.task} ${edge.dependsOn}`)).size).toBe(edges.length);
      for (const { position } of [...tasks, ...edges, ...findings, ...layers]) {
        expect(position.line).toBeLessThanOrEqual(lines.length);
        expect(position.column).toBeLessThanOrEqual(lines[position.line - 1]!.length + 1);
      }
      for (const task of tasks) {
        if (task.sharesCheckboxWith.length === 0 && /^T\d/.test(task.id))
          expect(lines[task.position.line - 1]!.startsWith(task.id, task.position.column - 1)).toBe(true);
      }
    }),
    { numRuns: runs },
  );
});

test("whatever the bytes, nothing throws and ticking nobody changes nothing", () => {
  const sample = bytesOf(`${LAYERED}\n${SPECKIT}`);
  const mutation = fc.tuple(fc.nat({ max: sample.length - 1 }), fc.nat({ max: 12 }), fc.uint8Array({ maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 12 }), (mutations) => {
      let bytes = [...sample];
      for (const [at, remove, add] of mutations) bytes = [...bytes.slice(0, at), ...add, ...bytes.slice(at + remove)];
      const source = Uint8Array.from(bytes);
      expect(tickTasks(source, new Set())).toEqual(source);
      readLayeredTasks(source, { inferred: true });
      expect(mergeTicks(source, source, source)).toEqual(source);
    }),
    { numRuns: runs },
  );
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 200 }),
      (text) => void readLayeredTasks(text, { inferred: true }),
    ),
    { numRuns: runs },
  );
});

const marks = fc.array(fc.constantFrom(" ", "x", "X", "~"), { minLength: 6, maxLength: 6 });
const withMarks = (some: readonly string[]) => bytesOf(some.map((mark, i) => `- [${mark}] T00${i} x`).join("\n"));
const isTicked = (bytes: Uint8Array | undefined) =>
  [...new TextDecoder().decode(bytes).matchAll(/\[(.)\]/g)].map((match) => match[1] === "x" || match[1] === "X");

test("merging ticks is commutative and idempotent, and unticks nothing that a side has ticked", () => {
  fc.assert(
    fc.property(marks, marks, marks, (base, ours, theirs) => {
      const [b, o, t] = [withMarks(base), withMarks(ours), withMarks(theirs)];
      const merged = mergeTicks(b, o, t);
      expect(merged).toEqual(mergeTicks(b, t, o));
      expect(mergeTicks(b, o, o)).toEqual(o);
      if (base.every((mark, i) => isTick(mark) <= isTick(ours[i]!))) expect(mergeTicks(b, o, b)).toEqual(o);
      if (merged === undefined) return;
      const [inOurs, inTheirs] = [isTicked(o), isTicked(t)];
      expect(isTicked(merged)).toEqual(inOurs.map((one, i) => one || inTheirs[i]));
    }),
    { numRuns: runs },
  );
});

function isTick(mark: string): number {
  return mark === "x" || mark === "X" ? 1 : 0;
}

function reaches(next: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const one of seen)
    for (const dependency of next.get(one) ?? [])
      if (dependency === to) return true;
      else seen.add(dependency);
  return false;
}

test("what is recognised in one step says what it says when a blank more has it read piece by piece", () => {
  const mark = fc.constantFrom(" ", "x");
  const head = fc.constantFrom("T001", "T1", "1.", "1.2", "T001a", "T001-T003", "t001", "");
  const labels = fc.subarray(["[P]", "[US1]", "[US1234]", "[X]", "@claude", "@a/b", "@codex:"], { maxLength: 3 });
  const word = fc.constantFrom(
    "Write",
    "to",
    "Task",
    "through",
    "DONE",
    "after T002",
    "(depends on T003)",
    "src/a.ts",
    "*",
    "é",
  );
  const title = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
  const list = fc.array(fc.constantFrom("T002", "T003", "t002", "T9", "T002-T003", "2.", "None"), {
    minLength: 1,
    maxLength: 3,
  });
  const label = fc.constantFrom("Dependencies", "Blocks", "dependencies");
  fc.assert(
    fc.property(mark, head, labels, title, label, list, (box, one, some, text, said, ids) => {
      const prefix = [one, ...some].filter(Boolean);
      const source = (blank: string, comma: string) =>
        `- [${box}] ${[...prefix, text].join(blank)}\n  ${said}:${blank}${ids.join(comma)}\n\n${boxes(2, 2)}\n`;
      const [quick, piece] = [read(source(" ", ", ")), read(source("  ", " ,  "))];
      expect(wordsOf(quick)).toEqual(wordsOf(piece));
    }),
    { numRuns: runs },
  );
});

/** All but where it stands. */
function wordsOf({ dialect, tasks, edges, findings }: TaskDocument) {
  return {
    dialect,
    tasks: tasks.map(({ position: _, checkbox: __, ...task }) => task),
    edges: edges.map(({ position: _, ...edge }) => edge),
    findings: findings.map(({ code, task }) => [code, task]),
  };
}
