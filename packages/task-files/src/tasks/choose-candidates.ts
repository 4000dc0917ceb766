import { layerAbove } from "../outline/sections.ts";
import type { Candidate } from "./candidate.ts";
import { parseCommandText } from "./task-text.ts";

export interface Choice {
  /** Those that are tasks, in file order. Ids may still repeat. */
  readonly chosen: readonly Candidate[];
  /** How the file calls its tasks. */
  readonly ids: "named" | "numbered" | "none";
  /** Boxes with ids of the other kind, which were taken for steps. */
  readonly otherIds: readonly Candidate[];
}

/**
 * Which candidates are tasks: boxes and headings with ids of the kind that most have; without any, bullets with ids;
 * without those, boxes (or bullets with a command) by their text. Lines of sections that repeat ids count only where
 * the id stands nowhere else.
 */
export function chooseCandidates(candidates: readonly Candidate[]): Choice {
  const numbered: Candidate[] = [];
  const named: Candidate[] = [];
  for (const one of candidates) {
    if (one.shape !== "bullet" && one.prefix.runs.length > 0) (one.prefix.isNumbered ? numbered : named).push(one);
  }
  if (named.length > 0 && named.length >= numbered.length) return choice("named", named, numbered);
  if (numbered.length > 0) return choice("numbered", numbered, named);
  const bullets = candidates.filter(({ prefix, section }) => prefix.runs.length > 0 && section?.role === undefined);
  const ofBullets = bullets.filter(({ prefix }) => !prefix.isNumbered);
  return ofBullets.length > 0 ? choice("named", ofBullets, []) : choice("none", withoutIds(candidates), []);
}

function choice(ids: Choice["ids"], candidates: readonly Candidate[], otherIds: readonly Candidate[]): Choice {
  // As in most files: nothing repeats what stands elsewhere.
  const isAll = candidates.every(({ shape, section }) => shape !== "heading" && section?.role === undefined);
  if (isAll) return { chosen: candidates, ids, otherIds };
  const elsewhere = new Set<string>();
  const boxes = new Set<string>();
  for (const { section, shape, prefix } of candidates) {
    for (const { first } of prefix.runs) {
      if (section?.role === undefined) elsewhere.add(first);
      if (shape === "checkbox") boxes.add(first);
    }
  }
  const chosen = candidates.filter(({ shape, section, prefix }) => {
    // Above a box of the same id a heading is that task's title.
    if (shape === "heading" && prefix.runs.every(({ first }) => boxes.has(first))) return false;
    return section?.role === undefined || !prefix.runs.every(({ first }) => elsewhere.has(first));
  });
  return { chosen, ids, otherIds };
}

/** Boxes that are no step of another; where layers are named, those inside them. */
function withoutIds(candidates: readonly Candidate[]): readonly Candidate[] {
  const plain = candidates.filter(({ section }) => section?.role === undefined);
  const boxes = plain.filter(
    ({ shape, line, prefix }) => shape === "checkbox" && isTask(line.text.slice(prefix.textAt)),
  );
  const found =
    boxes.length > 0 ? boxes : plain.filter(({ shape, line }) => shape === "bullet" && namesCommand(line.text));
  const layered = found.filter(({ section }) => layerAbove(section) !== undefined);
  return outermost(layered.length > 0 ? layered : found);
}

function isTask(text: string): boolean {
  return text.trim() !== "" && !/^\s*(?:\*\*)?(?:Checkpoint|检查点|チェックポイント|[=:])/i.test(text);
}

/** ``- text (`/command`, agent, complexity)`` */
function namesCommand(text: string): boolean {
  return parseCommandText(text) !== undefined;
}

function outermost(candidates: readonly Candidate[]): readonly Candidate[] {
  let last: Candidate | undefined;
  return candidates.filter((one) => {
    const isStep = last !== undefined && one.line.indent > last.line.indent && one.section === last.section;
    if (!isStep) last = one;
    return !isStep;
  });
}
