import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileLocks } from "@orchard/host";
import {
  addWorktree,
  branchRef,
  findRepository,
  openRepository,
  parseOid,
  removeWorktree,
  verifyRemovable,
} from "@orchard/worktree-git";
import { filePath, generateRepository } from "./generated-repository.ts";
import { reportRatios } from "./report.ts";

const ROUNDS = Number(process.env["ROUNDS"] ?? 7);
const FILES = 10_000;
/** Files that landed since the worktree went to the pool. */
const LANDED = 40;

using repo = generateRepository(FILES);
const place = findRepository(repo.path)!;
const opened = await openRepository(place, { stateDir: join(place.commonDir, "orch"), locks: fileLocks });
const worktrees = join(repo.path, ".worktrees");
await opened.excludeLocally([".worktrees/"]);
const ours: number[] = [];
const theirs: number[] = [];
await byOrchard("first", { pool: false });
for (let round = 0; round < ROUNDS; round += 1) {
  for (let file = 0; file < LANDED; file += 1)
    writeFileSync(join(repo.path, filePath((round * LANDED + file * 37) % FILES)), `landed ${round}\n`);
  repo.git(["commit", "-qam", `landed ${round}`]);
  const sides = [
    async () => void ours.push(await byOrchard(`round-${round}`, { pool: true })),
    async () => void theirs.push(byGit(round)),
  ];
  for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
}
reportRatios(
  "p5-pool",
  `a lane ready from the warm pool, ${FILES} files, ${LANDED} of them newer, against git worktree add`,
  [{ what: "one worktree ready", ours, theirs, goal: { atMost: 0.1 } }],
);

/** Time until a worktree at main is ready; afterwards it goes to the pool, as cleaning a landed lane does. */
async function byOrchard(name: string, { pool }: { readonly pool: boolean }): Promise<number> {
  const start = parseOid(repo.git(["rev-parse", "main"]));
  const path = join(worktrees, `agent-${name}`);
  const began = performance.now();
  await addWorktree(opened, { path, branch: branchRef(`lane-${name}`), start, reason: "benchmark", pool });
  const elapsed = performance.now() - began;
  check(path);
  const verdict = await verifyRemovable(opened, { path, recordedRoot: worktrees });
  if (verdict.kind === "refused") throw new Error(JSON.stringify(verdict.reasons));
  await removeWorktree(opened, verdict.worktree, { name, retire: { atMost: 1 } });
  return elapsed;
}

function byGit(round: number): number {
  const path = join(worktrees, `plain-${round}`);
  const began = performance.now();
  repo.git(["worktree", "add", "-q", "-b", `plain-${round}`, path, "main"]);
  const elapsed = performance.now() - began;
  check(path);
  rmSync(path, { recursive: true });
  repo.git(["worktree", "prune"]);
  return elapsed;
}

/** Both sides must give the same: every file of main, nothing else, index = HEAD. */
function check(path: string): void {
  const dirt = repo.git(["status", "--porcelain", "--ignored"], { cwd: path });
  if (dirt !== "" || repo.git(["rev-parse", "HEAD^{tree}"], { cwd: path }) !== repo.git(["rev-parse", "main^{tree}"]))
    throw new Error(`${path} is not what was asked for: ${dirt}`);
}
