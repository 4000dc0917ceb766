import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIE_AT_CALL, type NodeProcess, startNode } from "@orchard/testkit";
import { afterAll, expect, test } from "vitest";
import { asOperation, newOperationId, settleUndo, undoOperations } from "../../src/index.ts";
import { followBase } from "../../src/land/follow-base.ts";
import { followIfBehind } from "../../src/land/synchronise.ts";
import { commits, type Garden, garden } from "../harness.ts";

const PROGRAM = join(import.meta.dirname, "programs", "undo.ts");
const IS_LONG = process.env["ORCHARD_LONG"] === "1";

interface Case {
  readonly name: string;
  /** The landing was pushed, so that a commit takes it back. */
  readonly isPushed: boolean;
}

test.each<Case>([
  { name: "a landing that moves back", isPushed: false },
  ...(IS_LONG ? [{ name: "a landing that a commit takes back", isPushed: true }] : []),
])(
  "$name, killed at a step of the undo: the next command finds all of it undone, or nothing",
  async ({ isPushed }) => {
    const { g, restore } = await landed(isPushed);
    await restore();
    const before = await whatStands(g);
    const steps = await stepsOf(g);
    const after = await whatStands(g);
    expect(after).toMatchObject({ lane: "not landed", file: false });
    const failures: string[] = [];
    for (const { at, what } of IS_LONG ? steps : sampleOf(steps)) {
      await restore();
      const { signal } = await start(g, { ORCHARD_DIE_AT: String(at) }).ended;
      await nextCommand(g);
      const found = await whatStands(g);
      if (same(found, before)) {
        await undoOperations(g.worker(), { last: 1 }, { dryRun: false, revert: false });
        if (same(await whatStands(g), after)) continue;
      } else if (same(found, after)) continue;
      failures.push(`killed (${signal}) before ${at} of ${steps.length}, ${what}: ${JSON.stringify(found)}`);
    }
    expect(failures).toEqual([]);
  },
  IS_LONG ? 3_600_000 : 300_000,
);

test("negative control: of an undo that nobody announced the next command finds neither all nor nothing", async () => {
  const { g, restore } = await landed(false);
  await restore();
  const before = await whatStands(g);
  await toldBy(start(g, {}, "broken"));
  await nextCommand(g);
  const found = await whatStands(g);
  expect(found).not.toEqual(before);
  expect(found).toMatchObject({ lane: "landed", file: false });
});

test("several undos at once: one takes it back, and no other takes the same thing back or that one again", async () => {
  const { g, restore } = await landed(false);
  await restore();
  const go = join(dirname(g.repo.path), "go");
  const before = await whatStands(g);
  const all = Array.from({ length: 3 }, () => start(g, {}, "", go));
  await g.orchard.store.refreshViews();
  writeFileSync(go, "");
  const told = await Promise.all(all.map(toldBy));
  const done = told.filter(({ kind }) => kind === "undone" || kind === "finished");
  for (const one of told.filter(({ kind }) => kind === "refused")) expect(one.code).toBe("UNDO_ACTIVE");
  // One that began after another had ended takes that one back: then the landing is there again.
  const now = await whatStands(g);
  if (done.length % 2 === 1) expect(now).toMatchObject({ lane: "not landed", file: false, undoing: false });
  else expect(now).toEqual(before);
});

interface Landed {
  readonly g: Garden;
  /** Everything as it was then. */
  readonly restore: () => Promise<void>;
}

const made = new Map<boolean, Promise<Landed>>();

/** One repository for all tests. */
function landed(isPushed: boolean): Promise<Landed> {
  const known = made.get(isPushed) ?? makeLanded(isPushed);
  made.set(isPushed, known);
  return known;
}

afterAll(async () => {
  for (const one of made.values()) await (await one).g[Symbol.asyncDispose]();
});

async function makeLanded(isPushed: boolean): Promise<Landed> {
  const g = await garden({ config: { verify: ["true"] } });
  const as = async (command: string, work: () => Promise<unknown>) => {
    const own = g.orchard;
    g.orchard = asOperation(own, newOperationId(command, own.ports.token()));
    await work();
    g.orchard = own;
  };
  await as("add-lane", () => g.add("a", { tasks: ["a"], command: ["sh", "-c", commits({ "a.txt": "a" })] }));
  await as("execute", () => g.execute());
  await as("merge", () => g.merge());
  if (isPushed) g.repo.git(["update-ref", "refs/remotes/origin/main", "main"]);
  return { g, restore: pictureOf(g) };
}

/** What every writing command begins and ends with. */
async function nextCommand(g: Garden): Promise<void> {
  await g.reopen();
  await settleUndo(g.orchard, new AbortController().signal);
  await followIfBehind(g.worker());
  await followBase(g.worker());
}

async function whatStands(g: Garden) {
  const { undoing, lanes } = await g.tracker();
  const tree = (ref: string) => g.repo.git(["rev-parse", `${ref}^{tree}`]);
  return {
    base: tree("main"),
    landed: tree("refs/orch/landed/main"),
    isFollowed: g.at("main") === g.at("refs/orch/landed/main"),
    lane: lanes["a"]?.merge?.state ?? "not landed",
    file: existsSync(join(g.repo.path, "a.txt")),
    status: g.repo.git(["status", "--porcelain"]),
    undoing: undoing !== undefined,
    indexLock: existsSync(join(g.repo.path, ".git", "index.lock")),
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Everything as it is, to be put back as often as wanted. */
function pictureOf(g: Garden): () => Promise<void> {
  const kept = join(dirname(g.repo.path), "picture");
  cpSync(g.repo.path, kept, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return async () => {
    await g.orchard[Symbol.asyncDispose]();
    rmSync(g.repo.path, { recursive: true, force: true, maxRetries: 10 });
    cpSync(kept, g.repo.path, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    await g.reopen();
  };
}

function start(g: Garden, environment: NodeJS.ProcessEnv, broken = "", barrier = ""): NodeProcess {
  const dies = Object.keys(environment).length > 0;
  return startNode(PROGRAM, [g.repo.path, barrier, broken], {
    env: { ...environment, NODE_OPTIONS: dies ? `--import ${pathToFileURL(DIE_AT_CALL).href}` : "" },
  });
}

async function toldBy(one: NodeProcess): Promise<{ readonly kind: string; readonly code?: string }> {
  const { code } = await one.ended;
  if (code !== 0) throw new Error(`it ended with ${code}: ${one.stderr()}`);
  return JSON.parse(one.stdout()) as { readonly kind: string; readonly code?: string };
}

interface Step {
  readonly at: number;
  readonly what: string;
}

async function stepsOf(g: Garden): Promise<readonly Step[]> {
  const trace = join(dirname(g.repo.path), "calls");
  rmSync(trace, { force: true });
  expect(await toldBy(start(g, { ORCHARD_CALLS: trace }))).toMatchObject({ kind: "undone" });
  const lines = readFileSync(trace, "utf8").trimEnd().split("\n");
  return lines.map((line, index) => ({ at: index + 1, what: line.slice(line.indexOf(" ") + 1) }));
}

const TELLING = [
  /^writeSync .*\/journal\//,
  / update-ref /,
  /orch-index-/,
  /index\.lock/,
  / checkout-index /,
  / merge /,
];

/**
 * Of the records between which the world changes one by chance, and the last; of each other kind, the moves themselves, one
 * by chance, three in all: every run other ones.
 */
function sampleOf(steps: readonly Step[]): readonly Step[] {
  const [records = [], ...moves] = TELLING.map((kind) => steps.filter(({ what }) => kind.test(what)));
  const some = moves.flatMap((found) => byChance(found) ?? []).sort(() => Math.random() - 0.5);
  const chosen = [byChance(records), records.at(-1), ...some.slice(0, 3)];
  return [...new Set(chosen)].filter((step) => step !== undefined);
}

function byChance(steps: readonly Step[]): Step | undefined {
  return steps[Math.floor(Math.random() * steps.length)];
}
