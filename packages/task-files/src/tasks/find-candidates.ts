import { type Section, Sections } from "../outline/sections.ts";
import type { MaskedLine } from "../source/mask-lines.ts";
import { type Candidate, findBox, findBullet, findHeading, isLetter } from "./candidate.ts";

export interface FoundCandidates {
  readonly candidates: readonly Candidate[];
  readonly sections: readonly Section[];
  /** The section of each line (a heading's own is the one that it opens); by index. */
  readonly sectionOf: readonly (Section | undefined)[];
}

/**
 * Everything in the file that could be a task, and the headings above. Where a box or a heading has an id, bullets are left
 * out: none of them could be one.
 */
export function findCandidates(lines: readonly MaskedLine[]): FoundCandidates {
  const following = new Sections();
  const candidates: Candidate[] = [];
  const others: MaskedLine[] = [];
  const sections: Section[] = [];
  const sectionOf = lines.map((line) => {
    const opened = following.enter(line);
    if (opened !== undefined) sections.push(opened);
    const section = following.current;
    if (line.state !== "text" || section?.role === "legend") return section;
    const candidate = opened === undefined ? findBox(line, section) : findHeading(line, opened);
    if (candidate !== undefined) candidates.push(candidate);
    else if (opened === undefined && !isLetter(line.first)) others.push(line);
    return section;
  });
  if (candidates.some(({ prefix }) => prefix.runs.length > 0)) return { candidates, sections, sectionOf };
  const bullets = others.flatMap((line) => findBullet(line, sectionOf[line.number - 1]) ?? []);
  return { candidates: [...candidates, ...bullets].sort(byLine), sections, sectionOf };
}

function byLine(a: Candidate, b: Candidate): number {
  return a.line.number - b.line.number;
}
