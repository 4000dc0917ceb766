import { type Clash, type Command, isGreen, type Lane, lanesInOrder, type Receipt, redOf } from "@orchard/tracker-core";
import { type Oid, parseOid, type Repository } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { verifyMerged } from "../verify/verify-merged.ts";
import { mergeForLanding } from "./merge-for-landing.ts";

/** At most so many trees are verified to find the pair; what is left by then is named together. */
const MOST_RUNS = 6;

/** More commits than that since the lane began are not looked through. */
const FARTHEST = 5_000;

export interface RedLanding {
  readonly landed: Oid;
  readonly theirs: Oid;
  /** The verify commands up to the red one. */
  readonly commands: readonly Command[];
}

/**
 * A lane that is green by itself on a base that is green: which of what landed since it began turns the two red
 * together. Found by halving; a pair whose one half alone landed since costs no run. `alone`: the lane is red by itself.
 */
export async function findClash(
  driver: Driver,
  lane: Lane,
  red: RedLanding,
): Promise<Clash | "alone" | "unknown" | "interrupted"> {
  const repository = await driver.orchard.repository();
  const since = await landingsSince(repository, red);
  if (since.length === 0) return "unknown";
  if (!isKnownGreen(lane, red)) {
    const receipts = await verifyMerged(driver, triesOf(lane), red.theirs, red.commands);
    if (receipts === "interrupted") return receipts;
    if (redOf(receipts) !== undefined) return "alone";
  }
  const range = await halved(driver, lane, red, since);
  return range === "interrupted" ? range : named(driver, range);
}

/** What its own verification gave, when it ran these commands on just this commit. */
function isKnownGreen({ work }: Lane, { theirs, commands }: RedLanding): boolean {
  const wasGreen = (command: Command) =>
    work?.receipts.some((one) => isGreen(one) && JSON.stringify(one.command) === JSON.stringify(command));
  return work?.head === theirs && commands.every(wasGreen);
}

/** The commits of the landed line that the lane does not contain, oldest first; the last one is red with it. */
async function landingsSince(repository: Repository, { landed, theirs }: RedLanding): Promise<readonly Oid[]> {
  const commits = await repository.log(theirs, landed, FARTHEST);
  const parents = new Map(commits.map(({ oid, parents: [first] }) => [oid, first]));
  const line: Oid[] = [];
  for (let at: Oid | undefined = landed; at !== undefined && parents.has(at); at = parents.get(at)) line.unshift(at);
  return line;
}

/** The part of the line in which the first commit lies that is red with the lane: one commit, unless the runs are used up. */
async function halved(
  driver: Driver,
  lane: Lane,
  { theirs, commands }: RedLanding,
  line: readonly Oid[],
): Promise<readonly Oid[] | "interrupted"> {
  let from = 0;
  let to = line.length - 1;
  for (let run = 1; from < to && run <= MOST_RUNS; run += 1) {
    const middle = Math.floor((from + to) / 2);
    const receipts = await verifyWith(driver, lane, { ours: line[middle]!, theirs, commands });
    if (receipts === "interrupted") return receipts;
    if (redOf(receipts) === undefined) from = middle + 1;
    else to = middle;
  }
  return line.slice(from, to + 1);
}

/** The lane on an earlier state of what landed. One that conflicts there tells nothing, so the search goes on behind it. */
async function verifyWith(
  driver: Driver,
  lane: Lane,
  { ours, theirs, commands }: { readonly ours: Oid; readonly theirs: Oid; readonly commands: readonly Command[] },
): Promise<readonly Receipt[] | "interrupted"> {
  const { progress } = (await driver.orchard.folded()).state;
  const merge = await mergeForLanding(driver, lane.id, { ours, theirs }, progress);
  if (merge.kind === "interrupted") return "interrupted";
  if (merge.kind !== "merged") return [];
  const hub = await driver.orchard.hub();
  const candidate = await hub.commit({ tree: merge.tree, parents: [ours, theirs], message: `Try ${lane.id}\n` });
  return verifyMerged(driver, triesOf(lane), candidate, commands);
}

/** Logs of their own: those of the red tree stay to be read. */
function triesOf({ id }: Lane): string {
  return `${id}-clash`;
}

async function named(driver: Driver, range: readonly Oid[]): Promise<Clash> {
  const landings = lanesInOrder(await driver.orchard.tracker()).flatMap(({ id, merge }) =>
    merge?.state === "landed" ? [[parseOid(merge.commit), id] as const] : [],
  );
  const laneOf = new Map(landings);
  const lanes = range.flatMap((commit) => laneOf.get(commit) ?? []);
  return { lanes, commits: range.filter((commit) => !laneOf.has(commit)) };
}
