import type { SimulatedDisk } from "@orchard/host/testing";
import { judge } from "../../src/store/files/chain.ts";
import type { Rules } from "../../src/store/files/rules.ts";

/** A rule of the protocol, and the variant without it that somebody might write. */
export interface BrokenRule {
  readonly rule: string;
  /** A history in which the rule is missed; it is looked at first. */
  readonly seed: number;
  readonly broken: (disk: SimulatedDisk) => Partial<Rules>;
}

const always =
  <T>(value: T) =>
  async () =>
    value;
const nothing = always(undefined);

export const BROKEN_RULES: readonly BrokenRule[] = [
  {
    rule: "one write of one buffer",
    seed: 1481,
    broken: () => ({
      append: async (file, bytes) => {
        const half = bytes.length >> 1;
        return (await file.write(bytes.subarray(0, half))) + (await file.write(bytes.subarray(half)));
      },
    }),
  },
  { rule: "a short write is never finished by a second one", seed: 1213, broken: finishesShortWrites },
  { rule: "read back before anybody is told", seed: 1, broken: () => ({ trustsUnread: () => true }) },
  { rule: "a failed write is read back, too", seed: 1890, broken: () => ({ believesFailures: () => true }) },
  {
    rule: "a loser's predecessor is compared, not its number alone",
    seed: 890,
    broken: () => ({ judge: (chain, line) => (line.seq === chain.head.seq + 1 ? "winner" : judge(chain, line)) }),
  },
  {
    rule: "an impossible line stops everybody",
    seed: 108,
    broken: () => ({
      judge: (chain, line) => (judge(chain, line) === "impossible" ? "loser" : judge(chain, line)),
      missesWitnessed: () => false,
    }),
  },
  {
    rule: "lines of this boot are never the trace of a power cut",
    seed: 108,
    broken: () => ({ isTraceOfPowerCut: () => true }),
  },
  {
    rule: "nobody truncates a journal",
    seed: 1362,
    broken: (disk) => ({
      openToAppend: async (files, path) => {
        const content = disk.find(path)?.content();
        const end = content?.lastIndexOf("}\n") ?? -1;
        if (content !== undefined && end !== -1 && end + 2 < content.length) disk.find(path)?.truncate(end + 2);
        return files.open(path, "append");
      },
    }),
  },
  { rule: "a loser decides anew", seed: 9, broken: () => ({ decidesAnew: () => false }) },
  { rule: "the winner syncs before it is acknowledged", seed: 6, broken: () => ({ sync: nothing }) },
  { rule: "what leaves because of a fold is durable", seed: 104, broken: () => ({ syncBeforeAnswer: nothing }) },
  {
    rule: "a failed sync is not tried again",
    seed: 10,
    broken: () => ({ sync: (file) => file.dataSync().catch(() => file.dataSync()) }),
  },
  { rule: "a failed sync leaves a mark", seed: 116, broken: () => ({ poison: nothing, isPoisoned: always(false) }) },
  {
    rule: "the mark is looked for between sync and acknowledgement",
    seed: 10,
    broken: () => ({ isPoisoned: always(false) }),
  },
  {
    rule: "a recovered segment is synced before it gets its name",
    seed: 212,
    broken: () => ({
      copySynced: async (files, path, bytes) => {
        const file = await files.open(path, "create");
        await file.write(bytes);
        await file.close();
      },
    }),
  },
  { rule: "the name of a recovered segment is durable", seed: 489, broken: () => ({ syncRecovered: nothing }) },
  { rule: "the highest generation is the segment", seed: 10, broken: () => ({ pickGeneration: ([first]) => first }) },
  {
    rule: "a closed segment is durable before the next one is used",
    seed: 73,
    broken: () => ({ syncClosed: nothing }),
  },
  {
    rule: "the next segment is made before a record names it",
    seed: 5,
    broken: () => ({
      makeBeforeClosing: async (make, close) => {
        const outcome = await close();
        if (outcome === "won") await make();
        return outcome;
      },
    }),
  },
  { rule: "views and folds hold durable records only", seed: 668, broken: () => ({ syncBeforeView: nothing }) },
  { rule: "a dead holder's view is taken over", seed: 136, broken: () => ({ mayLeaveView: () => true }) },
  { rule: "the writer of a view looks again", seed: 192, broken: () => ({ looksAgain: () => false }) },
  { rule: "a known id is answered, not done twice", seed: 1, broken: () => ({ answersRepeated: () => false }) },
  { rule: "folds keep the ids", seed: 3, broken: () => ({ foldsIds: () => "[]" }) },
  { rule: "time never runs backwards along the journal", seed: 30, broken: () => ({ timeOf: (now) => now }) },
  {
    rule: "a number that was durable and is missing is damage",
    seed: 108,
    broken: () => ({ missesWitnessed: () => false, isTraceOfPowerCut: () => true }),
  },
];

/** The usual loop: send the rest, and call it written. */
function finishesShortWrites(): Partial<Rules> {
  let wasFinished = false;
  return {
    append: async (file, bytes) => {
      const count = await file.write(bytes);
      wasFinished = count < bytes.length;
      return wasFinished ? count + (await file.write(bytes.subarray(count))) : count;
    },
    trustsUnread: () => wasFinished,
  };
}
