import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileLocks } from "@orchard/host";
import { conflictMatrix, findRepository, type Oid, openRepository, parseOid } from "@orchard/worktree-git";
import { filePath, generateRepository } from "./generated-repository.ts";
import { reportRatios } from "./report.ts";

const LANES = 50;
const ROUNDS = Number(process.env["ROUNDS"] ?? 5);
const FILES = 10_000;

using repo = generateRepository(FILES);
const base = repo.git(["rev-parse", "main"]);
const place = findRepository(repo.path)!;
const opened = await openRepository(place, { stateDir: join(place.commonDir, "orch"), locks: fileLocks });

/** Every lane edits the same file at its head, each at another line or two at one, and files of its own. */
const overlapping = Array.from({ length: LANES }, (_, lane) => tip(`over-${lane}`, lane, [filePath(3)]));
/** Under 5 % of the pairs share a file: the first eleven, 55 of 1,225. */
const apart = Array.from({ length: LANES }, (_, lane) => tip(`apart-${lane}`, lane, lane < 11 ? [filePath(3)] : []));

interface Timed {
  readonly ours: number[];
  readonly theirs: number[];
}
const all: Timed = { ours: [], theirs: [] };
const few: Timed = { ours: [], theirs: [] };
const row: Timed = { ours: [], theirs: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [tips, timed] of [
    [overlapping, all],
    [apart, few],
  ] as const) {
    const answers: string[] = [];
    const sides = [
      async () => answers.push(await matrix(tips, timed.ours, { anew: true })),
      async () => answers.push(oneByOne(tips, timed.theirs)),
    ];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
    if (answers[0] !== answers[1]) throw new Error("The two sides found other conflicts.");
  }
  await edited(round);
}
reportRatios("p7-conflicts", `who conflicts with whom, ${LANES} lanes, ${FILES} files, against one merge-tree a pair`, [
  { what: "all overlap", ...all, goal: { atMost: 0.12 } },
  { what: "under 5 % overlap", ...few, goal: { atMost: 0.02 } },
  { what: "after an edit in one lane, against the whole matrix", ...row, goal: { atMost: 0.1 } },
]);

/** One commit that edits a shared file and four of its own, and adds one; made without a checkout. */
function tip(name: string, lane: number, shared: readonly string[]): Oid {
  const own = Array.from({ length: 4 }, (_, edit) => filePath(100 + (lane * 4 + edit) * 37));
  const lines = [
    `commit refs/heads/${name}`,
    `committer Ada Tester <ada@example.invalid> ${1_700_000_000 + lane} +0000`,
    "data 4",
    "work",
    `from ${base}`,
    ...shared.flatMap((path) => [`M 100644 inline "${path}"`, "data <<END", sharedText(path, lane), "END"]),
    ...[...own, `docs/${name}.md`].flatMap((path) => [
      `M 100644 inline "${path}"`,
      "data <<END",
      `lane ${name}`,
      "END",
    ]),
    "",
  ];
  repo.git(["fast-import", "--quiet", "--force"], { input: `${lines.join("\n")}\n` });
  return parseOid(repo.git(["rev-parse", name]));
}

/** Ten places to edit, far enough from each other: lanes that share one conflict, the others merge. */
function sharedText(path: string, lane: number): string {
  const lines = repo.git(["show", `main:${path}`]).split("\n");
  const at = (lane % 10) * 8;
  return lines.with(Math.min(at, lines.length - 1), `export const lane = ${lane};`).join("\n");
}

async function matrix(tips: readonly Oid[], times: number[], { anew }: { readonly anew: boolean }): Promise<string> {
  if (anew) rmSync(join(opened.stateDir, "comparing"), { recursive: true, force: true });
  const began = performance.now();
  const { conflicts } = await conflictMatrix(
    opened,
    tips.map((commit, index) => ({ name: String(index), commit })),
  );
  times.push(performance.now() - began);
  return conflicts.map(({ a, b, files }) => `${a} ${b} ${files.map(({ path }) => path).join(" ")}`).join("\n");
}

/** As anybody would ask git: one process a pair. */
function oneByOne(tips: readonly Oid[], times: number[]): string {
  const found: string[] = [];
  const began = performance.now();
  for (const [index, ours] of tips.entries()) {
    for (const [offset, theirs] of tips.slice(index + 1).entries()) {
      const { status, stdout } = spawnSync(
        "git",
        ["merge-tree", "--write-tree", "--name-only", "-z", "--no-messages", ours, theirs],
        {
          cwd: repo.path,
          env: { PATH: process.env["PATH"] ?? "", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
        },
      );
      if (status === 0) continue;
      const files = stdout
        .toString()
        .split("\0")
        .slice(1)
        .filter((part) => part !== "");
      found.push(`${index} ${index + 1 + offset} ${files.join(" ")}`);
    }
  }
  times.push(performance.now() - began);
  return found.join("\n");
}

/** One lane moves on; against the matrix made anew for the same contents, which must give the same. */
async function edited(round: number): Promise<void> {
  const moved = overlapping.with(7, tip(`edited-${round}`, 7 + round, [filePath(3)]));
  await matrix(overlapping, [], { anew: true });
  const after = await matrix(moved, row.ours, { anew: false });
  const whole = await matrix(moved, row.theirs, { anew: true });
  if (after !== whole) throw new Error("The row and the whole matrix differ.");
}
