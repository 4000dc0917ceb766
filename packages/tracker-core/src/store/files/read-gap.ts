import { readAll } from "@orchard/host";
import { JOURNAL_STREAM } from "../record.ts";
import type { Chain } from "./chain.ts";
import type { Gap } from "./gap.ts";
import { UNKNOWN_BOOT } from "./gap.ts";
import { type Line, RECORD_VERSION } from "./line.ts";
import { linesIn } from "./lines-in.ts";
import type { Segment } from "./segment.ts";
import type { World } from "./world.ts";

/** The fact by which a range of a segment is given up after a power cut. */
export interface Recovered {
  readonly type: "recovered";
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** Reads on behind an impossible line at `from`, to find out what it is a trace of. */
export async function readGap(world: World, segment: Segment, chain: Chain, from: number): Promise<Gap> {
  const bytes = await readAll(segment.file, from);
  const boots = new Set<string>();
  // An impossible line missed the one before it: also where we have one with that number, for that is not the one that won
  // (behind a winner that was damaged, the loser of its race looks like the winner).
  let first = chain.head.seq + 1;
  let last = first;
  let witnessed = 0;
  let impossibleUntil = from;
  for (const { line, start, end } of linesIn(bytes)) {
    const verdict = world.rules.judge(chain, line);
    if (verdict === "winner" && line.v <= RECORD_VERSION && givesUp(line, from, impossibleUntil)) {
      return gap({ recovered: { line, end: from + end } });
    }
    boots.add(line.boot);
    witnessed = Math.max(witnessed, line.durable);
    if (verdict === "loser") continue;
    first = Math.min(first, Math.max(1, line.seq - 1));
    last = Math.max(last, line.seq);
    impossibleUntil = from + start + 1;
  }
  return gap({});

  function gap(found: Pick<Gap, "recovered">): Gap {
    return { from, to: from + bytes.length, first, last, boots: [...boots], witnessed, ...found };
  }
}

/** Whether every impossible line so far lies in the range that `line` names. */
function givesUp(line: Line, from: number, impossibleUntil: number): boolean {
  const [fact] = line.facts as readonly Partial<Recovered>[];
  if (line.stream !== JOURNAL_STREAM || fact?.type !== "recovered") return false;
  return fact.from !== undefined && fact.to !== undefined && fact.from <= from && fact.to >= impossibleUntil;
}

/**
 * Behind the record that closed a segment stand only losers. A line that is none, of this boot or of a writer that knew this
 * number to be durable, shows that another record was closed with: the one that we took for it is not the one that won.
 */
export async function contradictsClosing(world: World, segment: Segment, chain: Chain, end: number): Promise<boolean> {
  const { seq } = chain.head;
  for (const { line } of linesIn(await readAll(segment.file, end))) {
    if (world.rules.judge(chain, line) !== "impossible") continue;
    if (line.boot === world.boot || line.boot === UNKNOWN_BOOT || line.durable >= seq) return true;
  }
  return false;
}
