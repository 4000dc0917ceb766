import { JOURNAL_STREAM } from "../record.ts";
import { RANDOM_ID } from "../require-good-intent.ts";
import { appendRecord } from "./append-record.ts";
import type { Gap } from "./gap.ts";
import type { Journal } from "./journal.ts";
import type { Recovered } from "./read-gap.ts";

/**
 * Records that a range of the segment is given up: the trace of a power cut, of which nobody was ever told anything. Until
 * this record stands there, nobody reads past the range. Losing is as good: another has written the same.
 */
export async function giveUpGap<State>(journal: Journal<State>, { from, to, first, last }: Gap): Promise<void> {
  const fact: Recovered = { type: "recovered", from, to, first, last };
  await appendRecord(journal, {
    id: `${RANDOM_ID}${journal.world.token()}`,
    stream: JOURNAL_STREAM,
    facts: [fact],
    describe: `give up bytes ${from} to ${to} after a power cut (records ${first} to ${last})`,
    outcome: null,
  });
}
