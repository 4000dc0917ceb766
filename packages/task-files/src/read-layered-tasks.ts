import { Groups } from "./dependencies/groups.ts";
import { readDependencies } from "./dependencies/read-dependencies.ts";
import { Said } from "./dependencies/said.ts";
import { detectDialect } from "./detect-dialect.ts";
import { error, inFileOrder, info, warning } from "./findings.ts";
import { EdgeSet } from "./graph/edge-set.ts";
import { findCycles } from "./graph/find-cycles.ts";
import { findDisagreements } from "./graph/find-disagreements.ts";
import { inferEdges } from "./graph/infer-edges.ts";
import { type NumberedLayer, type NumberedLayers, numberLayers } from "./outline/number-layers.ts";
import { encodingFindings, whyNoText } from "./source/check-text.ts";
import { type MaskedSource, maskLines } from "./source/mask-lines.ts";
import type { Finding, Layer, ReadOptions, TaskDocument, TaskEntry } from "./task-document.ts";
import { type BuiltTasks, buildTasks } from "./tasks/build-tasks.ts";
import { type Choice, chooseCandidates } from "./tasks/choose-candidates.ts";
import { findCandidates } from "./tasks/find-candidates.ts";
import { IdIndex } from "./tasks/id-index.ts";

/**
 * Reads `layered-tasks.md` and spec-kit's `tasks.md`. Never throws, whatever the content: what is wrong with it is in
 * `findings`. Linear in the length of the source.
 */
export function readLayeredTasks(source: Uint8Array | string, options: ReadOptions = {}): TaskDocument {
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  const noText = whyNoText(bytes);
  if (noText !== undefined) return emptyDocument(options, [noText]);
  const masked = maskLines(bytes);
  const encoding = encodingFindings(masked);
  return encoding[0]?.severity === "error" ? emptyDocument(options, encoding) : read(masked, encoding, options);
}

function emptyDocument({ dialect = "plain" }: ReadOptions, findings: readonly Finding[]): TaskDocument {
  return { dialect, layers: [], tasks: [], edges: [], findings };
}

function read(masked: MaskedSource, encoding: readonly Finding[], options: ReadOptions): TaskDocument {
  const { candidates, sections, sectionOf } = findCandidates(masked.lines);
  const choice = chooseCandidates(candidates);
  const layers = numberLayers(sections, new Set(choice.chosen.map(({ section }) => section)));
  const built = buildTasks(choice.chosen, layers);
  const { tasks, ofCandidate } = built;
  const groups = new Groups(layers.all, tasks);
  const edges = new EdgeSet(tasks);
  const said = new Said(edges, new IdIndex(edges.ids, built.indexOf), groups);
  const numbers = choice.ids === "numbered";
  const labelled = readDependencies(
    { lines: masked.lines, sectionOf, chosen: choice.chosen, ofCandidate, layers, groups, numbers },
    said,
  );
  const dialect = options.dialect ?? detectDialect(tasks, choice, layers, labelled);
  const ofExplicit = [...findCycles(tasks, edges), ...findDisagreements(tasks, said.claims)];
  const wantsInferred = options.inferred ?? dialect !== "layered";
  const ofInferred = wantsInferred ? inferEdges(tasks, groups, said, dialect) : [];
  const ofContent = [...noTasks(masked, tasks), ...otherIds(choice, built)];
  const ofLines = [...masked.findings, ...encoding, ...layers.findings, ...built.findings, ...said.findings];
  const findings = inFileOrder([...ofLines, ...ofContent, ...ofExplicit, ...ofInferred, ...edges.findings]);
  return { dialect, layers: layersOf(layers, groups, said), tasks, edges: edges.edges, findings };
}

function layersOf({ all }: NumberedLayers, groups: Groups, { relations }: Said): readonly Layer[] {
  const dependsOn = all.map(() => new Set<number>());
  for (const { dependent, dependency } of relations) {
    if (!("group" in dependent && "group" in dependency) || dependent.group === dependency.group) continue;
    const layer = groups.all[dependency.group]?.layer;
    if (layer !== undefined) dependsOn[dependent.group]?.add(layer.number);
  }
  return all.map((layer, index) => layerOf(layer, [...dependsOn[index]!]));
}

function layerOf({ number, label, title, kind, section }: NumberedLayer, dependsOn: readonly number[]): Layer {
  const position = { line: section.line.number, column: section.textAt + 1 };
  return { number, label, title, kind, position, dependsOn };
}

function noTasks({ lines }: MaskedSource, tasks: readonly TaskEntry[]): readonly Finding[] {
  if (tasks.length > 0) return [];
  const position = { line: 1, column: 1 };
  if (lines.every(({ text }) => text.trim() === ""))
    return [error("EMPTY", { message: "The file is empty.", position })];
  const message = 'There are no tasks in the file. A task is a line such as "- [ ] T001 @claude Make the model".';
  return [warning("NO_TASKS", { message, position })];
}

function otherIds({ otherIds: others, ids }: Choice, { tasks }: BuiltTasks): readonly Finding[] {
  const first = others[0];
  if (first === undefined) return [];
  const kind = ids === "named" ? "a number" : "a letter and a number";
  const message = `${others.length} boxes or headings begin with ${kind}, the first one here; the file's tasks are called like ${tasks[0]?.id}, so they were taken for steps.`;
  return [info("OTHER_IDS", { message, position: { line: first.line.number, column: first.idAt + 1 } })];
}
