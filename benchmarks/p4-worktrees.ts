import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileLocks } from "@orchard/host";
import { addWorktree, branchRef, findRepository, openRepository, type Repository } from "@orchard/worktree-git";
import { type GeneratedRepository, generateRepository } from "./generated-repository.ts";
import { reportRatios } from "./report.ts";

const LANES = 10;
const ROUNDS = Number(process.env["ROUNDS"] ?? 5);
const FILES = 10_000;

using repo = generateRepository(FILES);
const place = findRepository(repo.path)!;
const opened = await openRepository(place, { stateDir: join(place.commonDir, "orch"), locks: fileLocks });
const ours: number[] = [];
const theirs: number[] = [];
const first: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const sides = [() => byOrchard(opened, round), () => byGit(repo, round)];
  for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
}
reportRatios("p4-worktrees", `${LANES} lanes on a repository of ${FILES} files against git worktree add one by one`, [
  { what: `${LANES} worktrees ready`, ours, theirs, goal: { atMost: 0.65 } },
  { what: "first worktree ready, of all ten", ours: first, theirs: ours, goal: { atMost: 0.9 } },
]);

async function byOrchard(repository: Repository, round: number): Promise<void> {
  const start = (await repository.resolve(branchRef("main")))!;
  const lanes = Array.from({ length: LANES }, (_, lane) => join(repo.path, ".worktrees", `agent-${lane}`));
  const began = performance.now();
  let firstReady = Number.POSITIVE_INFINITY;
  await Promise.all(
    lanes.map(async (path, lane) => {
      await addWorktree(repository, { path, branch: branchRef(`lane-${round}-${lane}`), start, reason: "benchmark" });
      firstReady = Math.min(firstReady, performance.now() - began);
    }),
  );
  ours.push(performance.now() - began);
  first.push(firstReady);
  for (const path of lanes) checkAndRemove(repo, path);
}

async function byGit({ path, git }: GeneratedRepository, round: number): Promise<void> {
  const lanes = Array.from({ length: LANES }, (_, lane) => join(path, ".worktrees", `plain-${lane}`));
  const began = performance.now();
  for (const [lane, folder] of lanes.entries())
    git(["worktree", "add", "-q", "-b", `plain-${round}-${lane}`, folder, "main"]);
  theirs.push(performance.now() - began);
  for (const folder of lanes) checkAndRemove(repo, folder);
}

/** Both sides must give the same: every file, nothing else, index = HEAD. */
function checkAndRemove({ git }: GeneratedRepository, path: string): void {
  const tree = git(["rev-parse", "HEAD^{tree}"], { cwd: path });
  const dirt = git(["status", "--porcelain"], { cwd: path });
  if (dirt !== "" || tree !== git(["rev-parse", "main^{tree}"]))
    throw new Error(`${path} is not what was asked for: ${dirt}`);
  rmSync(path, { recursive: true });
  if (path.includes("agent-")) git(["worktree", "unlock", path]);
  git(["worktree", "prune"]);
}
