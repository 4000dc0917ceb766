import type { ObjectReader } from "../git/object-reader.ts";
import { commitTime, parseCommit } from "../git/parse-commit.ts";
import { isOid, type Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";
import type { ScratchObjects } from "./scratch-objects.ts";

/** The only best common ancestor of two of the commits; `undefined` when there are several, or none is known. */
export type BaseOf = (a: Oid, b: Oid) => Oid | undefined;

/**
 * The merge bases of all pairs of `commits`: what is common to all of them, and the part of the history above it, where
 * pairs may have more in common. Short histories are walked here, long and tangled ones by git.
 */
export async function pairBases(repo: Repository, objects: ScratchObjects, commits: readonly Oid[]): Promise<BaseOf> {
  const all = [...new Set(commits)];
  const walked = (await walkDown(objects.reader, all)) ?? (await askGit(repo, objects, all));
  return walked === undefined ? () => undefined : basesAbove(walked.common, all, walked.graph);
}

interface Walked {
  readonly common: Oid;
  readonly graph: Graph;
}

/** More commits than this between all sides and what they have in common are git's to walk. */
const FARTHEST = 2_000;

/** Newest first, until only commits are left that all sides reach; `undefined` where that is not one commit. */
async function walkDown(reader: ObjectReader, all: readonly Oid[]): Promise<Walked | undefined> {
  const everyone = (1n << BigInt(all.length)) - 1n;
  const seen = new Map<Oid, WalkedCommit>();
  const open = new Set<Oid>();
  const tips = new Map(await Promise.all(all.map(async (oid) => [oid, await readWalked(reader, oid)] as const)));
  const reach = async (oid: Oid, sides: bigint): Promise<void> => {
    const known = seen.get(oid) ?? tips.get(oid) ?? (await readWalked(reader, oid));
    if ((known.sides | sides) === known.sides) return;
    seen.set(oid, { ...known, sides: known.sides | sides });
    open.add(oid);
  };
  for (const [index, oid] of all.entries()) await reach(oid, 1n << BigInt(index));
  for (let next = newest(open, seen, everyone); next !== undefined; next = newest(open, seen, everyone)) {
    if (seen.size > FARTHEST) return undefined;
    open.delete(next);
    const { parents, sides } = seen.get(next)!;
    for (const parent of parents) await reach(parent, sides);
  }
  const common = [...seen].filter(([, { sides }]) => sides === everyone).map(([oid]) => oid);
  if (common.length !== 1) return undefined;
  seen.delete(common[0]!);
  return { common: common[0]!, graph: childrenFirst(seen) };
}

interface WalkedCommit {
  readonly parents: readonly Oid[];
  readonly at: number;
  readonly sides: bigint;
}

async function readWalked(reader: ObjectReader, oid: Oid): Promise<WalkedCommit> {
  const object = await reader.read(oid);
  if (object?.type !== "commit") return { parents: [], at: 0, sides: 0n };
  return { parents: parseCommit(oid, object.content).parents, at: commitTime(object.content), sides: 0n };
}

function newest(open: ReadonlySet<Oid>, seen: ReadonlyMap<Oid, WalkedCommit>, everyone: bigint): Oid | undefined {
  let found: Oid | undefined;
  for (const oid of open) {
    if (seen.get(oid)!.sides === everyone) continue;
    if (found === undefined || seen.get(oid)!.at > seen.get(found)!.at) found = oid;
  }
  return found;
}

function childrenFirst(seen: ReadonlyMap<Oid, WalkedCommit>): Graph {
  const ordered = new Map<Oid, readonly Oid[]>();
  const visit = (oid: Oid): void => {
    const commit = seen.get(oid);
    if (commit === undefined || ordered.has(oid)) return;
    for (const parent of commit.parents) visit(parent);
    ordered.set(oid, commit.parents);
  };
  for (const oid of seen.keys()) visit(oid);
  return new Map([...ordered].reverse());
}

async function askGit(
  repo: Repository,
  { variables }: ScratchObjects,
  all: readonly Oid[],
): Promise<Walked | undefined> {
  const octopus = { command: "merge-base", options: ["--octopus"], values: all, variables, codes: [0, 1] } as const;
  const common = (await repo.door.inHub(octopus)).stdout.toString("latin1").split("\n")[0] ?? "";
  if (!isOid(common)) return undefined;
  const { stdout } = await repo.door.inHub({
    command: "rev-list",
    options: ["--topo-order", "--parents", "--stdin"],
    stdin: `${[...all, `^${common}`].join("\n")}\n`,
    variables,
  });
  return { common, graph: parseGraph(stdout) };
}

type Graph = ReadonlyMap<Oid, readonly Oid[]>;

/** Children before parents, as git lists them. */
function parseGraph(listed: Buffer): Graph {
  const lines = listed.toString("latin1").split("\n");
  return new Map(
    lines.flatMap((line) => {
      const [oid = "", ...parents] = line.split(" ");
      return oid === "" ? [] : [[oid as Oid, parents as Oid[]] as const];
    }),
  );
}

/** `graph` holds every commit that one of `all` reaches and `common` does not. */
export function basesAbove(common: Oid, all: readonly Oid[], graph: Graph): BaseOf {
  const reached = new Map<Oid, bigint>(all.map((oid, index) => [oid, 1n << BigInt(index)]));
  const children = new Map<Oid, Oid[]>();
  for (const [oid, parents] of graph) {
    for (const parent of parents.filter((one) => graph.has(one))) {
      reached.set(parent, (reached.get(parent) ?? 0n) | (reached.get(oid) ?? 0n));
      children.set(parent, [...(children.get(parent) ?? []), oid]);
    }
  }
  const bits = new Map(all.map((oid, index) => [oid, 1n << BigInt(index)]));
  const shared = [...graph.keys()].filter((oid) => isShared(reached.get(oid) ?? 0n));
  return (a, b) => {
    const both = (bits.get(a) ?? 0n) | (bits.get(b) ?? 0n);
    const isCommon = (oid: Oid) => ((reached.get(oid) ?? 0n) & both) === both;
    const best = shared.filter((oid) => isCommon(oid) && !(children.get(oid) ?? []).some(isCommon));
    if (best.length === 0) return common;
    return best.length === 1 && descendsFrom(best[0]!, common, graph) ? best[0] : undefined;
  };
}

function isShared(sides: bigint): boolean {
  return (sides & (sides - 1n)) !== 0n;
}

function descendsFrom(oid: Oid, common: Oid, graph: Graph): boolean {
  const seen = new Set<Oid>();
  const open = [oid];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const parent of graph.get(at) ?? []) {
      if (parent === common) return true;
      if (!graph.has(parent) || seen.has(parent)) continue;
      seen.add(parent);
      open.push(parent);
    }
  }
  return false;
}
