import type { OrchardError } from "@orchard/kernel";
import { journalDamaged, storeNewer } from "../errors.ts";
import type { Chain } from "./chain.ts";
import type { Gap } from "./gap.ts";
import { type Head, RECORD_VERSION } from "./line.ts";
import type { Segment } from "./segment.ts";
import type { World } from "./world.ts";

/** What a journal knows of itself once it has folded to the end. */
export interface JournalSigns {
  readonly world: World;
  readonly segment: Segment;
  readonly head: Head;
  readonly headEnd: number;
  readonly chain: Chain;
  readonly gap: Gap | undefined;
  readonly folding: { readonly newer: number | undefined };
  readonly contradicted: string | undefined;
  readonly isContradicted: boolean;
  readonly isClosed: boolean;
  isRecoverable(gap: Gap): boolean;
}

/** Why nothing may be written on top of what `journal` has folded to the end of its segment, if so. */
export function troubleOf(
  journal: JournalSigns,
  { isFollowed }: { readonly isFollowed: boolean },
): OrchardError | undefined {
  const { segment, head, gap, folding, contradicted, chain, headEnd, world } = journal;
  const { path } = segment;
  if (world.rules.isEmptied(segment))
    return journalDamaged(path, "it is empty, and no segment is made empty", { offset: 0 });
  if (journal.isContradicted) return journalDamaged(path, `record ${head.seq} is not the one that closed the segment`);
  if (contradicted !== undefined) return journalDamaged(path, contradicted);
  if (folding.newer !== undefined) return storeNewer(path, folding.newer, RECORD_VERSION);
  if (gap !== undefined) {
    if (journal.isRecoverable(gap)) return undefined;
    const { from, first, boots } = gap;
    return journalDamaged(path, `record ${first} is missing at byte ${from}`, { offset: from, missing: first, boots });
  }
  if (isFollowed && !journal.isClosed) {
    return journalDamaged(path, "the record that closed this segment is missing", { offset: headEnd });
  }
  if (!world.rules.missesWitnessed(chain)) return undefined;
  const missing = head.seq + 1;
  const { witnessed } = chain;
  return journalDamaged(path, `record ${missing} was durable and is not there`, {
    offset: headEnd,
    missing,
    witnessed,
  });
}
