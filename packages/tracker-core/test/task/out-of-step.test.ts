import { expect, test } from "vitest";
import { type BroughtTask, outOfStep, type SpecFact } from "../../src/index.ts";
import { after, claimOf, defined, done, place, SPEC, task } from "../task-builders.ts";

const part: BroughtTask = { spec: SPEC, task: "T1", commit: "c-T1", by: "m", start: "s0" };
const out: BroughtTask = { ...part, takenOut: true };
const about = { spec: SPEC, task: "T1" } as const;
const pr = (status: "rejected" | "approved"): SpecFact => ({ type: "pr-changed", ...about, by: "x", pr: { status } });
const reopened: SpecFact = { type: "task-reopened", ...about, by: "x" };

test.each([
  ["as it was brought in", part, [], undefined],
  [
    "another commit took its place",
    part,
    [{ type: "work-replaced", ...about, from: "c-T1", to: "d" }],
    { why: "replaced", replacement: { from: "c-T1", to: "d" } },
  ],
  ["rejected", part, [pr("rejected")], { why: "rejected", replacement: { from: "c-T1", to: "s0" } }],
  ["rejected and taken out", out, [pr("rejected")], undefined],
  [
    "rejected, taken out and accepted",
    out,
    [pr("rejected"), pr("approved")],
    { why: "accepted", replacement: { from: "s0", to: "c-T1" } },
  ],
  ["rejected and accepted before anybody took it out", part, [pr("rejected"), pr("approved")], undefined],
  ["open again", part, [reopened], { why: "redone", replacement: undefined }],
  [
    "done once more by another",
    part,
    [reopened, claimOf("T1", { epoch: 2 })],
    { why: "redone", replacement: undefined },
  ],
  ["done once more, while it is out", out, [reopened], undefined],
  [
    "failed when it was done once more",
    part,
    [
      reopened,
      claimOf("T1", { epoch: 2 }),
      { type: "task-failed", ...about, epoch: 2, reason: "no", cancelled: false },
    ],
    { why: "rejected", replacement: { from: "c-T1", to: "s0" } },
  ],
  [
    "no branch holds it any more",
    part,
    [{ type: "work-lost", ...about, commit: "c-T1" }],
    { why: "gone", replacement: undefined },
  ],
  [
    "lost and found",
    part,
    [
      { type: "work-lost", ...about, commit: "c-T1" },
      { type: "work-found", ...about, commit: "c-T1" },
    ],
    undefined,
  ],
  ["of a task that nobody knows", { ...part, task: "T9" }, [], undefined],
] as const)("%s", (_name, brought, facts, expected) => {
  const progress = after([defined([task("T1")]), ...done("T1"), ...(facts as readonly SpecFact[])]);
  const found = outOfStep(progress, { id: "w2", path: place("w2").path, brought: [brought] });
  expect(found.map(({ why, replacement }) => ({ why, replacement }))).toEqual(expected === undefined ? [] : [expected]);
});
