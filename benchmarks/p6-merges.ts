import { join } from "node:path";
import { fileLocks } from "@orchard/host";
import { branchRef, findRepository, openHub, openRepository, parseOid } from "@orchard/worktree-git";
import { filePath, generateRepository } from "./generated-repository.ts";
import { reportRatios } from "./report.ts";

const BRANCHES = 50;
const ROUNDS = Number(process.env["ROUNDS"] ?? 5);
const FILES = 10_000;

using repo = generateRepository(FILES);
const base = parseOid(repo.git(["rev-parse", "main"]));
const tips = Array.from({ length: BRANCHES }, (_, branch) => branchTip(branch));
const place = findRepository(repo.path)!;
const opened = await openRepository(place, { stateDir: join(place.commonDir, "orch"), locks: fileLocks });
const ours: number[] = [];
const theirs: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const trees: string[] = [];
  const sides = [async () => trees.push(await byHub(round)), async () => trees.push(byGitMerge(round))];
  for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
  if (trees[0] !== trees[1]) throw new Error(`The two sides differ: ${trees.join(" and ")}`);
}
reportRatios("p6-merges", `merging ${BRANCHES} clean branches, ${FILES} files, against git merge --no-ff`, [
  { what: `${BRANCHES} merges, durable`, ours, theirs, goal: { atMost: 0.12 } },
]);

/** One commit that edits five files and adds one, as an agent's lane does; made without a checkout. */
function branchTip(branch: number): string {
  const edits = Array.from({ length: 5 }, (_, edit) => filePath((branch * 5 + edit) * 37));
  const lines = [
    `commit refs/heads/lane-${branch}`,
    `committer Ada Tester <ada@example.invalid> ${1_700_000_000 + branch} +0000`,
    "data 4",
    "work",
    `from ${base}`,
    ...[...edits, `docs/lane-${branch}.md`].flatMap((path) => [
      `M 100644 inline "${path}"`,
      "data <<END",
      `lane ${branch}`,
      "END",
    ]),
    "",
  ];
  repo.git(["fast-import", "--quiet"], { input: `${lines.join("\n")}\n` });
  return repo.git(["rev-parse", `lane-${branch}`]);
}

/** Every merge a commit of its own; durable before one ref moves to the end of the chain. */
async function byHub(round: number): Promise<string> {
  const ref = branchRef(`hub-${round}`);
  const merges = tips.map((tip, branch) => ({ theirs: parseOid(tip), message: `Land lane-${branch} (${round})\n` }));
  const began = performance.now();
  using hub = await openHub(opened);
  const { landed, results } = await hub.mergeMany({ ours: base, merges });
  if (results.some(({ kind }) => kind !== "merged")) throw new Error("Every branch was to merge.");
  if ((await opened.createRef(ref, landed, "benchmark")) !== "moved") throw new Error(`${ref} was there`);
  ours.push(performance.now() - began);
  return repo.git(["rev-parse", `${ref}^{tree}`]);
}

function byGitMerge(round: number): string {
  repo.git(["checkout", "-q", "-b", `plain-${round}`, base]);
  const began = performance.now();
  for (const [branch] of tips.entries()) {
    repo.git(["merge", "-q", "--no-ff", "-m", `Land lane-${branch} (${round})`, `lane-${branch}`]);
  }
  theirs.push(performance.now() - began);
  return repo.git(["rev-parse", "HEAD^{tree}"]);
}
