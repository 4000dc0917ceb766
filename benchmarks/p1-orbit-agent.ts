/**
 * P1, the part of `orbit-agent`: what an agent asks all day, against an empty script of the same Node. The bundle and the
 * launcher are what agents run, so they must be built (`npm run bench` builds them).
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gitRepo } from "@orchard/testkit";
import { type Row, reportRatios } from "./report.ts";

const ROUNDS = Number(process.env["ORCHARD_ROUNDS"] ?? 25);
const root = join(import.meta.dirname, "..");
const orch = join(root, "apps", "orch", "dist", "orch.js");
const bundle = join(root, "packages", "agent-cli", "dist", "orbit-agent.cjs");

const ask = ["available-tasks", "001", "--agent", "a3"];
using thousand = repositoryOf(1_000);
using tenThousand = repositoryOf(10_000);

const sides: readonly { what: string; command: readonly string[]; cwd: string; atMost: number }[] = [
  {
    what: "available-tasks, 1,000 tasks",
    command: [process.execPath, bundle, ...ask],
    cwd: thousand.path,
    atMost: 1.25,
  },
  { what: "… through bin/", command: [join(root, "bin", "orbit-agent"), ...ask], cwd: thousand.path, atMost: 1.35 },
  { what: "available-tasks, 10,000", command: [process.execPath, bundle, ...ask], cwd: tenThousand.path, atMost: 1.8 },
  { what: "next", command: [process.execPath, bundle, "next", "--agent", "a3"], cwd: thousand.path, atMost: 1.25 },
  { what: "why", command: [process.execPath, bundle, "why", "T0500"], cwd: thousand.path, atMost: 1.25 },
  {
    what: "tracker get",
    command: [process.execPath, bundle, "tracker", "get", "status"],
    cwd: thousand.path,
    atMost: 1.25,
  },
  { what: "layer-status", command: [process.execPath, bundle, "layer-status"], cwd: thousand.path, atMost: 2 },
];
const figures = sides.map(() => ({ ours: [] as number[], theirs: [] as number[] }));
for (let round = 0; round < ROUNDS; round++) {
  for (const [at, { command, cwd }] of sides.entries()) {
    figures[at]?.ours.push(timed(command, cwd));
    figures[at]?.theirs.push(timed([process.execPath, "-e", "0"], cwd));
  }
}
const rows: Row[] = sides.map(({ what, atMost }, at) => ({ what, goal: { atMost }, ...(figures[at] ?? { ours: [] }) }));
reportRatios("p1-orbit-agent", "what agents ask all day, against node -e 0", rows);

/** A spec of that many tasks, a hundred of them without dependencies; its view is there and current. */
function repositoryOf(count: number) {
  const repo = gitRepo({ "specs/001-many/agent-tasks/layered-tasks.md": tasks(count) });
  expectOutput([orch, "init"], repo.path, /set up/);
  // The first one records the definition, so the two ways of answering can be compared.
  const slow = expectOutput([bundle, ...ask, "--json"], repo.path, /"task":"T0003"/);
  const quick = expectOutput([bundle, ...ask, "--json"], repo.path, /"task":"T0003"/);
  if (slow !== quick) throw new Error("The view does not answer as the store does.");
  // What was written less than a second ago is checked each time; an agent asks more often than tasks change.
  for (const deadline = Date.now() + 60_000; !existsSync(join(repo.path, ".git", "orch", "seals", "001-many")); ) {
    if (Date.now() > deadline) throw new Error("The view is never sealed.");
    expectOutput([bundle, ...ask], repo.path, /T0003/);
  }
  expectOutput([bundle, "tracker", "get", "status"], repo.path, /initialized/);
  return repo;
}

function tasks(count: number): string {
  const lines = ["# Tasks"];
  for (let at = 0; at < count; at++) {
    if (at % 100 === 0) lines.push("", `## Layer ${at / 100 + 1}: part ${at / 100 + 1}`);
    const needs = at < 100 ? "None" : `${id(at - 100)}, ${id(at - 50)}`;
    lines.push(
      `- [ ] ${id(at)} @a${at % 5} Make part ${at} of the product in src/part-${at}.ts`,
      `      Dependencies: ${needs}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function id(at: number): string {
  return `T${String(at).padStart(4, "0")}`;
}

function timed([program = "", ...args]: readonly string[], cwd: string): number {
  const started = performance.now();
  const { status } = spawnSync(program, args, { cwd, stdio: "ignore" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}.`);
  return performance.now() - started;
}

function expectOutput(args: readonly string[], cwd: string, says: RegExp): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0 || !says.test(stdout)) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}
