import { type Section, Sections } from "../outline/sections.ts";
import type { MaskedLine } from "../source/mask-lines.ts";
import { type Candidate, findCandidate } from "./candidate.ts";

export interface FoundCandidates {
  readonly candidates: readonly Candidate[];
  readonly sections: readonly Section[];
  /** The section of each line (a heading's own is the one that it opens); by index. */
  readonly sectionOf: readonly (Section | undefined)[];
}

/** Everything in the file that could be a task, and the headings above. */
export function findCandidates(lines: readonly MaskedLine[]): FoundCandidates {
  const following = new Sections();
  const candidates: Candidate[] = [];
  const sections: Section[] = [];
  const sectionOf = lines.map((line) => {
    const opened = following.enter(line);
    if (opened !== undefined) sections.push(opened);
    const candidate = findCandidate(line, following.current, opened);
    if (candidate !== undefined) candidates.push(candidate);
    return following.current;
  });
  return { candidates, sections, sectionOf };
}
