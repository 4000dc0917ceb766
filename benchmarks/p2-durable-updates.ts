import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type NodeProcess, startNode, temporaryFolder, until } from "@orchard/testkit";
import { journal, lockfile, viewIn } from "./p2/sides.ts";
import { type Row, reportRatios } from "./report.ts";

/** P2: durable updates of one shared state by long-lived processes, against proper-lockfile, rewrite and fsync. */
const ROUNDS = Number(process.env["ORCHARD_ROUNDS"] ?? 2);
const SECONDS = Number(process.env["ORCHARD_SECONDS"] ?? 3);

interface Run {
  readonly rate: number;
  readonly lost: number;
  /** Longest wait of 99 of 100 updates, in ms. */
  readonly p99: number;
  /** Jain's index over the updates of each process. */
  readonly fairness: number;
  /** Longest that the view was behind, in ms. */
  readonly lag: number;
  /** Bytes of the journal that are no winner, of all. */
  readonly void: number;
}

const rows: Row[] = [];
for (const [bytes, size, atLeast] of [
  [10_000, "10 KB", 20],
  [1_000_000, "1 MB", 50],
] as const) {
  for (const processes of [8, 64]) {
    const runs: { readonly ours: Run; readonly theirs: Run }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const ours = await run("journal", processes, bytes);
      runs.push({ ours, theirs: await run("lockfile", processes, bytes) });
    }
    const what = `${processes} processes, ${size}`;
    const of = (pick: (run: Run) => number) => ({
      ours: runs.map(({ ours }) => pick(ours)),
      theirs: runs.map(({ theirs }) => pick(theirs)),
    });
    const alone = (pick: (run: Run) => number) => ({ ours: runs.map(({ ours }) => pick(ours)) });
    rows.push(
      { what: `${what}: updates/s`, unit: "/s", better: "higher", goal: { atLeast }, ...of(({ rate }) => rate) },
      { what: `${what}: lost`, unit: "", goal: { atMost: 0 }, ...alone(({ lost }) => lost) },
      { what: `${what}: p99`, goal: { atMost: 1000 }, ...alone(({ p99 }) => p99) },
      {
        what: `${what}: fairness`,
        unit: "",
        better: "higher",
        goal: { atLeast: 0.9 },
        ...alone(({ fairness }) => fairness),
      },
      { what: `${what}: view behind`, goal: { atMost: 1000 }, ...alone(({ lag }) => lag) },
      { what: `${what}: void bytes`, unit: "%", goal: { atMost: 50 }, ...alone((each) => each.void) },
    );
  }
}
const slow = [await run("journal", 16, 10_000, 20)];
rows.push(
  {
    what: "16, one of them slow: fairness",
    unit: "",
    better: "higher",
    goal: { atLeast: 0.9 },
    ours: slow.map((each) => each.fairness),
  },
  { what: "16, one of them slow: p99", goal: { atMost: 1000 }, ours: slow.map(({ p99 }) => p99) },
);
reportRatios(
  "p2-durable-updates",
  "≥ 20 × (10 KB), ≥ 50 × (1 MB); 0 lost; p99 ≤ 1 s, fairness ≥ 0.9, view ≤ 1 s behind",
  rows,
);

async function run(side: "journal" | "lockfile", processes: number, bytes: number, slowMs = 0): Promise<Run> {
  using folder = temporaryFolder("p2");
  const { prepare, total } = side === "journal" ? journal : lockfile;
  await prepare(folder.path, bytes);
  const writers = Array.from({ length: processes }, (_, n) =>
    startNode(join(import.meta.dirname, "p2", "writer.ts"), [
      ...[side, folder.path, `w${n}`, `${bytes}`, `${SECONDS}`, `${n === 0 ? slowMs : 0}`],
    ]),
  );
  await until("all are ready", () => writers.every((each) => each.stdout().includes("ready")), { within: 120_000 });
  for (const each of writers) each.child.stdin?.write("go\n");
  const lag = side === "journal" ? await longestLag(folder.path, writers) : 0;
  await Promise.all(writers.map((each) => each.ended));
  const waits = writers.map((each) => waitsOf(each));
  const acknowledged = waits.reduce((sum, each) => sum + each.length, 0);
  const lost = acknowledged - (await total(folder.path, bytes));
  const voided = side === "journal" ? voidShare(folder.path) : 0;
  return {
    rate: acknowledged / SECONDS,
    lost,
    p99: p99Of(waits.flat()),
    fairness: jain(waits.map((each) => each.length)),
    lag,
    void: voided,
  };
}

function waitsOf(writer: NodeProcess): readonly number[] {
  const last = writer.stdout().trim().split("\n").at(-1) ?? "";
  if (!last.startsWith("[")) throw new Error(`A writer failed: ${writer.stderr()}`);
  return JSON.parse(last) as number[];
}

/** How long ago the newest update in the view was made, while all are busy; the first second is for the start. */
async function longestLag(folder: string, writers: readonly NodeProcess[]): Promise<number> {
  const began = performance.now();
  let longest = 0;
  while (performance.now() < began + SECONDS * 1000 - 100 && writers.every(({ child }) => child.exitCode === null)) {
    await pause(40);
    if (performance.now() < began + 1000) continue;
    longest = Math.max(longest, existsSync(viewIn(folder)) ? ageOf(viewIn(folder)) : performance.now() - began);
  }
  return longest;
}

function ageOf(view: string): number {
  const { last } = JSON.parse(readFileSync(view, "utf8")) as { readonly last: string };
  return Date.now() - Date.parse(last);
}

function voidShare(folder: string): number {
  const bytes = readFileSync(join(folder, "orch", "journal", "000000000001.ndjson"));
  const lines = bytes.toString("utf8").split("\n").filter(Boolean);
  const seen = new Set<number>();
  let winners = 0;
  for (const line of lines) {
    const { seq } = JSON.parse(line) as { readonly seq: number };
    if (!seen.has(seq)) winners += line.length;
    seen.add(seq);
  }
  return (100 * (bytes.length - lines.length * 2 - winners)) / bytes.length;
}

function p99Of(waits: readonly number[]): number {
  return [...waits].sort((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? 0;
}

function jain(counts: readonly number[]): number {
  const sum = counts.reduce((total, each) => total + each, 0);
  const squares = counts.reduce((total, each) => total + each * each, 0);
  return (sum * sum) / (counts.length * squares);
}
