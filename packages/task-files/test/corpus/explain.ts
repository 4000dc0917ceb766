import type { TaskDocument } from "../../src/index.ts";
import type { IndexEntry } from "./read-index.ts";

/** Facts about a file, counted by themselves and not by the reader, that make its counts differ from the index. */
export function explain(source: Uint8Array, document: TaskDocument, index: IndexEntry) {
  const text = new TextDecoder().decode(source);
  return {
    reasons: [...ofTasks(text, document, index), ...ofEdges(document, index)],
    faults: faultsOf(source, document),
  };
}

const BOX = /^\s*(?:[-*+]|\d+[.)])\s+\[[ xX~-]\]/;
const ID_BOX = /^\s*(?:[-*+]|\d+[.)])\s+\[[ xX~-]\]\*?\s+(?:\*\*)?(?:T-?\d|\d+\.|\d+\.\d)/;

function ofTasks(text: string, { tasks }: TaskDocument, index: IndexEntry): readonly string[] {
  if (tasks.length === index.tasks) return [];
  const lines = text.split(/\r?\n/);
  const boxes = lines.filter((line) => BOX.test(line)).length;
  const withoutId = lines.filter((line) => BOX.test(line) && !ID_BOX.test(line)).length;
  const fenced = insideFences(lines).filter((line) => BOX.test(line)).length;
  const boxTasks = tasks.filter(({ position }) => BOX.test(lines[position.line - 1] ?? "")).length;
  const headings = tasks.filter(({ position }) => /^#/.test(lines[position.line - 1] ?? "")).length;
  const ranges = new Set(tasks.filter((task) => task.sharesCheckboxWith.length > 0).map(({ checkbox }) => checkbox));
  const guessed = tasks.length > 0 && boxTasks === tasks.length && withoutId === boxes;
  return [
    ...say(
      boxes - boxTasks > 0 && !guessed,
      `${boxes} boxes, ${boxes - boxTasks} of them steps or checklists, no tasks (${withoutId} have no id)`,
    ),
    ...say(
      guessed,
      `${boxes} boxes, none with an id: ${boxTasks} read as tasks, ${boxes - boxTasks} indented ones as their steps`,
    ),
    ...say(headings > 0, `${headings} tasks are headings`),
    ...say(headings > 0 && index.tasks === headings * 2, "the index counts each of them twice, by heading and by id"),
    ...say(ranges.size > 0, `${ranges.size} lines stand for several tasks`),
    ...say(fenced > 0, `${fenced} boxes in code fences`),
    ...say(tasks.length === 0, "no box, no bullet and no heading with an id"),
  ];
}

function ofEdges({ edges }: TaskDocument, index: IndexEntry): readonly string[] {
  const explicit = edges.filter(({ kind }) => kind === "explicit");
  if (explicit.length === index.dependencies) return [];
  const by = new Map<string, Set<number>>();
  for (const { from, position } of explicit) by.set(from, (by.get(from) ?? new Set()).add(position.line));
  return [...by].map(([from, lines]) => {
    const count = explicit.filter((edge) => edge.from === from).length;
    return `${count} edges from ${from}, on ${lines.size} lines (${[...lines].slice(0, 12).join(", ")}${lines.size > 12 ? " …" : ""})`;
  });
}

/** What must hold whatever the file. */
function faultsOf(source: Uint8Array, { tasks, edges, findings }: TaskDocument): readonly string[] {
  const ids = new Set(tasks.map(({ id }) => id));
  const unknown = new Set(findings.filter(({ code }) => code === "UNKNOWN_TASK").map(({ task }) => task));
  const lost = edges.filter(({ task, dependsOn }) => !ids.has(task) || !(ids.has(dependsOn) || unknown.has(dependsOn)));
  const off = tasks.filter(
    ({ checkbox, mark }) => checkbox !== undefined && String.fromCharCode(source[checkbox]!) !== mark,
  );
  return [
    ...lost.map(({ task, dependsOn }) => `the edge ${task} → ${dependsOn} goes nowhere`),
    ...off.map(({ id }) => `the box of ${id} is not where it should be`),
    ...say(ids.size !== tasks.length, "an id occurs twice"),
  ];
}

function insideFences(lines: readonly string[]): readonly string[] {
  let inside = false;
  return lines.filter((line) => {
    if (/^\s*(?:```|~~~)/.test(line)) inside = !inside;
    return inside;
  });
}

function say(holds: boolean, what: string): readonly string[] {
  return holds ? [what] : [];
}
