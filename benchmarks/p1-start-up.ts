/**
 * P1, the part of `orch`: how long a command takes that needs no git, against an empty script of the same Node. The
 * bundle and the launcher are what people run, so they must be built (`npm run bench` builds them).
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { gitRepo } from "@orchard/testkit";
import { type Row, reportRatios } from "./report.ts";

const ROUNDS = 15;
const LANES = 30;
const root = join(import.meta.dirname, "..");
const bundle = join(root, "apps", "orch", "dist", "orch.js");

using repo = gitRepo({ "README.md": "hello\n" });
orch("init");
for (let lane = 0; lane < LANES; lane++) {
  const after = lane === 0 ? [] : [`lane-${lane - 1}`];
  orch("add-lane", `lane-${lane}`, JSON.stringify({ tasks: ["a task"], dependsOn: after }));
}
expectOutput(["why", "lane-3"], /waits for "lane-2"/);
expectOutput(["status"], /0 of 30 lanes done/);

const sides: readonly { readonly what: string; readonly command: readonly string[] }[] = [
  { what: "orch --version", command: [process.execPath, bundle, "--version"] },
  { what: "orch why, 30 lanes", command: [process.execPath, bundle, "why", "lane-3"] },
  { what: "orch status, 30 lanes", command: [process.execPath, bundle, "status"] },
  { what: "orch status through bin/", command: [join(root, "bin", "orch"), "status"] },
];
const figures = sides.map(() => ({ ours: [] as number[], theirs: [] as number[] }));
for (let round = 0; round < ROUNDS; round++) {
  for (const [at, { command }] of sides.entries()) {
    figures[at]?.ours.push(timed(command));
    figures[at]?.theirs.push(timed([process.execPath, "-e", "0"]));
  }
}
const rows: Row[] = sides.map(({ what }, at) => ({ what, goal: { atMost: 2 }, ...(figures[at] ?? { ours: [] }) }));
reportRatios("p1-start-up", "a command that needs no git, against node -e 0", rows);

function timed([program = "", ...args]: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(program, args, { cwd: repo.path, stdio: "ignore" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}.`);
  return performance.now() - started;
}

function orch(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...args], {
    cwd: repo.path,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`orch ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

function expectOutput(args: readonly string[], says: RegExp): void {
  if (!says.test(orch(...args))) throw new Error(`orch ${args.join(" ")} does not say ${says}.`);
}
