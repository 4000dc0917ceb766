import fc from "fast-check";
import { expect, test } from "vitest";
import { evolveProgress, type Progress, type SpecFact } from "../../src/index.ts";
import { claimOf, defined, instant, place, SPEC, task } from "../task-builders.ts";

const RUNS = process.env["ORCHARD_LONG"] === "1" ? 20_000 : 400;
const about = { spec: SPEC, task: "T1" } as const;
const part = { spec: SPEC, task: "T2", commit: "c", by: "m", start: "s" };
const move = {
  why: "start",
  from: "a",
  to: "b",
  brought: [part],
  proofs: [{ spec: SPEC, task: "T1", from: "c", to: "d", start: "a" }],
  starts: [],
} as const;
const conflict = {
  why: "start",
  spec: SPEC,
  task: "T1",
  path: "p",
  branch: "b",
  onto: "o",
  theirs: "t",
  from: "f",
  brought: [],
} as const;

/** One of every kind of fact; some speak of what was never heard of. */
const FACTS: readonly SpecFact[] = [
  defined([task("T1"), task("T2")]),
  defined([task("T2")]),
  ...[1, 2, 3].map((epoch) => claimOf("T1", { epoch, tokenHash: `t${epoch}` })),
  ...[1, 2, 3].flatMap((epoch): readonly SpecFact[] => [
    { type: "claim-renewed", ...about, epoch, sinceBoot: 5, boot: "boot", byHolder: true },
    { type: "claim-renewed", ...about, epoch, sinceBoot: 5, boot: "boot", byHolder: false, at: instant(3).at },
    { type: "claim-graced", ...about, epoch, sinceBoot: 9, boot: "boot", awake: 8 },
    { type: "claim-waiting", ...about, epoch, reason: "outside" },
    { type: "claim-released", ...about, epoch, reason: "no" },
    { type: "claim-taken-over", ...about, epoch, by: "qwen", why: "gone" },
    { type: "task-completed", ...about, epoch, commit: "c", start: "s", contains: [{ task: "T2", commit: "c" }] },
    { type: "task-failed", ...about, epoch, reason: "no", cancelled: epoch === 2 },
    { type: "evidence-late", ...about, agent: "qwen", epoch, verb: "complete", commit: "c" },
  ]),
  { type: "spec-gone", spec: SPEC },
  { type: "spec-gone", spec: "no such spec" },
  { type: "task-reopened", ...about, by: "x" },
  { type: "task-noted", ...about, by: "x", text: "so" },
  { type: "pr-changed", ...about, by: "x", pr: { status: "rejected" } },
  { type: "pr-changed", ...about, by: "x", pr: { number: 1, status: "approved" } },
  { type: "work-replaced", ...about, from: "c", to: "d" },
  { type: "work-lost", ...about, commit: "c" },
  { type: "work-found", ...about, commit: "c" },
  { type: "work-landed", ...about, commit: "m" },
  { type: "task-noted", spec: "no such spec", task: "T1", by: "x", text: "so" },
  { type: "worktree-seen", place: place() },
  { type: "worktree-move-intended", worktree: "w1", move },
  { type: "worktree-moved", worktree: "w1" },
  { type: "worktree-moved", worktree: "never seen" },
  { type: "worktree-move-abandoned", worktree: "w1", reason: "no" },
  { type: "worktree-conflicted", worktree: "w1", conflict },
  { type: "worktree-conflict-ended", worktree: "w1", how: "resolved" },
  { type: "worktree-contents-seen", worktree: "w1", brought: [part] },
  { type: "tips-seen", tips: { r: "a", s: null } },
];

test("whatever facts come in whatever order, the progress is plain JSON and forgets no task", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...FACTS), { maxLength: 120 }), (facts) => {
      let progress: Progress = { updatedAt: instant(0).at, specs: {}, worktrees: {}, tips: {} };
      facts.forEach((fact, second) => {
        const before = progress.specs[SPEC]?.tasks ?? {};
        progress = evolveProgress(progress, fact, instant(second).at);
        const tasks = progress.specs[SPEC]?.tasks ?? {};
        expect(Object.keys(tasks)).toEqual(expect.arrayContaining(Object.keys(before)));
        for (const { notes, late } of Object.values(tasks))
          expect(Math.max(notes.length, late.length)).toBeLessThanOrEqual(50);
      });
      expect(JSON.parse(JSON.stringify(progress))).toEqual(JSON.parse(JSON.stringify({ ...progress })));
      expect(progress.updatedAt).toBe(instant(Math.max(0, facts.length - 1)).at);
    }),
    { numRuns: RUNS },
  );
});

test("what an ended claim says changes nothing of the one on record", () => {
  const claimed = [defined([task("T1")]), claimOf("T1", { epoch: 2 })];
  const now = claimed.reduce<Progress>((state, fact) => evolveProgress(state, fact, instant(1).at), {
    updatedAt: instant(0).at,
    specs: {},
    worktrees: {},
    tips: {},
  });
  for (const type of ["claim-waiting", "claim-released"] as const) {
    const later = evolveProgress(now, { type, ...about, epoch: 1, reason: "late" }, instant(2).at);
    expect(later.specs[SPEC]?.tasks).toEqual(now.specs[SPEC]?.tasks);
  }
});
