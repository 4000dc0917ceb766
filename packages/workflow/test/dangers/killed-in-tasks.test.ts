import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BroughtTask, TaskRecord } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { type Asked, leftLocks, recordsOf, toldBy, type Worksite, worksite } from "./programs/worksite.ts";

/** A command that dies at each of its steps in turn, and is given again in the same worktree. */
interface Cut {
  readonly name: string;
  readonly agent: string;
  readonly order: Asked;
  /** What is done before it. */
  readonly before: (site: Worksite) => Promise<void>;
  /** Tried in the long form only. */
  readonly isLong?: boolean;
}

const TASKS = `## Layer 1: Foundation
- [ ] T001 model
- [ ] T002 store
## Layer 2: Infrastructure
- [ ] T003 client
      Dependencies: T001, T002
`;

const AGENTS = [
  ["claude", "T001"],
  ["qwen", "T002"],
] as const;

/** Two tasks are done in two worktrees; a third agent stands before the one that needs both. */
async function founded(site: Worksite): Promise<void> {
  for (const [agent, task] of AGENTS) {
    site.settle(agent);
    await site.must(agent, { do: "start", task });
    site.commit(agent, { [`${task}.txt`]: `${task}\n` });
    await site.must(agent, { do: "complete", task });
  }
  site.settle("copilot");
}

async function working(site: Worksite): Promise<void> {
  await founded(site);
  await site.must("copilot", { do: "start", task: "T003" });
  site.commit("copilot", { "T003.txt": "T003\n" });
}

async function outdated(site: Worksite): Promise<void> {
  await working(site);
  await site.must("copilot", { do: "complete", task: "T003" });
  site.repo.write({ "T001.txt": "T001, better\n" }, site.pathOf("claude"));
  site.git("claude", "commit", "-qa", "--amend", "-m", "T001 again");
}

/** Two tasks write the same file, so that the third meets a conflict. */
async function contradicting(site: Worksite): Promise<void> {
  for (const [agent, task] of AGENTS) {
    site.settle(agent);
    await site.must(agent, { do: "start", task });
    site.commit(agent, { "shared.txt": `${task}\n` });
    await site.must(agent, { do: "complete", task });
  }
  site.settle("copilot");
}

async function resolved(site: Worksite): Promise<void> {
  await contradicting(site);
  await site.must("copilot", { do: "start", task: "T003", resolve: "hand" });
  const cwd = join(site.repo.path, ".worktrees", "resolve-t003");
  site.repo.write({ "shared.txt": "both\n" }, cwd);
  site.repo.git(["commit", "-qam", "both"], { cwd });
}

/** A restack that meets a conflict, and its resolution. */
async function conflicting(site: Worksite): Promise<void> {
  await working(site);
  site.commit("copilot", { "T001.txt": "T001, changed by copilot\n" });
  await site.must("copilot", { do: "complete", task: "T003" });
  site.repo.write({ "T001.txt": "T001, better\n" }, site.pathOf("claude"));
  site.git("claude", "commit", "-qa", "--amend", "-m", "T001 again");
}

async function settled(site: Worksite): Promise<void> {
  await conflicting(site);
  const told = await site.must("copilot", { do: "restack" });
  const cwd = (told.outcome as { readonly resolve?: { readonly path: string } }).resolve!.path;
  site.repo.write({ "T001.txt": "T001, better, changed by copilot\n" }, cwd);
  site.repo.git(["commit", "-qam", "both"], { cwd });
}

const CUTS: readonly Cut[] = [
  { name: "start", agent: "copilot", order: { do: "start", task: "T003" }, before: founded },
  { name: "complete", agent: "copilot", order: { do: "complete", task: "T003" }, before: working },
  { name: "restack", agent: "copilot", order: { do: "restack" }, before: outdated },
  {
    name: "start --resolve hand",
    agent: "copilot",
    order: { do: "start", task: "T003", resolve: "hand" },
    before: contradicting,
    isLong: true,
  },
  {
    name: "start of what was resolved by hand",
    agent: "copilot",
    order: { do: "start", task: "T003" },
    before: resolved,
    isLong: true,
  },
  {
    name: "restack into a conflict",
    agent: "copilot",
    order: { do: "restack" },
    before: conflicting,
    isLong: true,
  },
  {
    name: "restack of what was resolved by hand",
    agent: "copilot",
    order: { do: "restack" },
    before: settled,
    isLong: true,
  },
];

const IS_LONG = process.env["ORCHARD_LONG"] === "1";

const CUTS_EACH = Number(process.env["ORCHARD_CUTS"] ?? 10_000);
const chosen = CUTS.filter(({ isLong = false }) => IS_LONG || !isLong);

test.each(chosen.map((cut) => [cut.name, cut] as const))(
  "%s, killed at a step and given again, ends as if nothing had been",
  async (_name, cut) => {
    using site = await worksite(TASKS);
    await cut.before(site);
    const restore = site.picture();
    const steps = await stepsOf(site, cut);
    const uncut = await whatStands(site);
    const failures: string[] = [];
    for (const { at, what } of IS_LONG ? spread(steps) : sampleOf(steps)) {
      restore();
      const dead = await site.start(cut.agent, cut.order, { ORCHARD_DIE_AT: String(at) }).ended;
      const again = await site.ask(cut.agent, cut.order);
      const found = await whatStands(site);
      try {
        expect(again.error).toBeUndefined();
        expect(found).toEqual(uncut);
      } catch (error) {
        const failure = `killed (${dead.signal}) before ${at} of ${steps.length}, ${what}: ${error}`;
        console.error(failure);
        failures.push(failure);
      }
    }
    expect(failures).toEqual([]);
  },
  IS_LONG ? 3_600_000 : 600_000,
);

test("negative control: a claim whose checkout follows unannounced is left without its dependencies' code", async () => {
  using site = await worksite(TASKS);
  await founded(site);
  const restore = site.picture();
  const cut = { ...CUTS[0]!, order: { ...CUTS[0]!.order, without: "announcement" } } as const;
  const steps = await stepsOf(site, cut);
  const uncut = await whatStands(site);
  restore();
  expect(steps.some(({ what }) => CHECKOUT.test(what))).toBe(true);
  await site.start("copilot", cut.order, { ORCHARD_DIE_AT: MOVES }).ended;
  expect(await site.ask("copilot", cut.order)).toMatchObject({ outcome: { kind: "yours" } });
  const found = await whatStands(site);
  expect(found.tree).not.toBe(uncut.tree);
  expect(found).not.toEqual(uncut);
});

test("a start that died before its checkout, in a worktree that was changed since, is given back and done anew", async () => {
  using site = await worksite(TASKS);
  await founded(site);
  const restore = site.picture();
  const steps = await stepsOf(site, CUTS[0]!);
  restore();
  expect(steps.some(({ what }) => CHECKOUT.test(what))).toBe(true);
  await site.start("copilot", CUTS[0]!.order, { ORCHARD_DIE_AT: MOVES }).ended;
  expect(recordsOf(await site.progress())["T003"]?.claim).toMatchObject({ epoch: 1 });
  site.repo.write({ "README.md": "changed\n" }, site.pathOf("copilot"));
  expect(await site.ask("copilot", CUTS[0]!.order)).toMatchObject({ error: { code: "WORKTREE_CHANGED" } });
  expect(recordsOf(await site.progress())["T003"]).toMatchObject({ state: "open", claim: undefined });
  site.git("copilot", "commit", "-qam", "own");
  expect(await site.ask("copilot", CUTS[0]!.order)).toMatchObject({ outcome: { kind: "started", epoch: 2 } });
  expect(site.git("copilot", "ls-files").split("\n")).toEqual(expect.arrayContaining(["T001.txt", "T002.txt"]));
});

interface Step {
  readonly at: number;
  readonly what: string;
}

/** The command runs whole once, in a process of its own, and tells its steps. */
async function stepsOf(site: Worksite, { agent, order }: Cut): Promise<readonly Step[]> {
  const trace = join(site.folder, "calls");
  const told = await toldBy(site.start(agent, order, { ORCHARD_CALLS: trace }));
  expect(told?.error).toBeUndefined();
  const lines = readFileSync(trace, "utf8").trimEnd().split("\n");
  return lines.map((line, index) => ({ at: index + 1, what: line.slice(line.indexOf(" ") + 1) }));
}

/** All, or so many, each by chance from its own part of the way. */
function spread(steps: readonly Step[]): readonly Step[] {
  if (CUTS_EACH >= steps.length) return steps;
  const part = steps.length / CUTS_EACH;
  return Array.from({ length: CUTS_EACH }, (_, index) => steps[Math.floor((index + Math.random()) * part)]!);
}

/** Every record of the journal and the checkout; of all other kinds one step that no command before had. */
function sampleOf(steps: readonly Step[]): readonly Step[] {
  const kinds = new Map<string, Step>();
  for (const step of steps) {
    const kind = KINDS.find((pattern) => pattern.test(step.what));
    if (kind === undefined || visited.has(kind)) continue;
    kinds.set(kind === JOURNAL ? `record ${step.at}` : kind.source, step);
  }
  for (const kind of KINDS) if (kind !== JOURNAL && kind !== CHECKOUT && kinds.has(kind.source)) visited.add(kind);
  return [...kinds.values()];
}

const visited = new Set<RegExp>();

const JOURNAL = /^writeSync .*\/journal\//;
const MOVES = " --no-verify --end-of-options ";
const CHECKOUT = new RegExp(`${MOVES}[0-9a-f]{40}$`);
const KINDS = [
  JOURNAL,
  CHECKOUT,
  / .*\/claim-[^/]*$/,
  /^renameSync .*\.progress\.json/,
  /\/objects\/pack\/pack$/,
  / git update-ref /,
  /^promises\.link /,
  /^promises\.rename .*\/orch-index-/,
  /^promises\.rm .*\/index\.lock$/,
];

/** Everything that a command leaves, without what may differ between two runs of the same. */
async function whatStands(site: Worksite) {
  const progress = await site.progress();
  const treeOf = (commit: string | undefined) =>
    commit === undefined ? undefined : site.repo.git(["rev-parse", `${commit}^{tree}`]);
  const subjectOf = (commit: string) => (commit === "" ? "" : site.repo.git(["log", "-1", "--format=%s", commit]));
  const part = ({ task, commit, takenOut, by, start }: BroughtTask) => ({
    task,
    tree: treeOf(commit),
    takenOut,
    by: subjectOf(by),
    start: treeOf(start),
  });
  const record = ({ claim, work, late, state, epoch, id }: TaskRecord) => ({
    id,
    state,
    epoch,
    claim: claim && { agent: claim.agent, at: claim.place.path, start: treeOf(claim.start) },
    work: work && {
      agent: work.agent,
      tree: treeOf(work.commit),
      contains: work.contains.map(({ task, takenOut }) => ({ task, takenOut })),
      lostAt: work.lostAt,
    },
    late: late.length,
  });
  const proof = await site.proofOf("copilot", "T003");
  const held = recordsOf(progress)["T003"]?.claim?.tokenHash;
  return {
    tree: treeOf("agent-copilot"),
    status: site.git("copilot", "status", "--porcelain", "--branch"),
    log: site.git("copilot", "log", "--topo-order", "--format=%s", "HEAD").split("\n").sort(),
    tasks: Object.values(recordsOf(progress)).map(record),
    worktrees: Object.values(progress.worktrees).map(({ path, brought, move, conflict }) => ({
      path,
      brought: brought.map(part),
      move,
      conflict: conflict && {
        ...conflict,
        onto: treeOf(conflict.onto),
        base: treeOf(conflict.base),
        theirs: treeOf(conflict.theirs),
        brought: conflict.brought.map(part),
      },
    })),
    isProved: held !== undefined && held === proof,
    hasToken: proof !== undefined,
    branches: site.repo.git(["for-each-ref", "--format=%(refname)", "refs/heads"]),
    folders: namesIn(join(site.repo.path, ".worktrees")),
    locks: leftLocks(join(site.repo.path, ".git")),
    advancing: namesIn(join(site.repo.path, ".git", "orch", "advancing")).filter((name) => name.endsWith(".json")),
  };
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
