import { expect, test } from "vitest";
import { claimTask, completeTask, type Progress, type SpecFact } from "../../../src/index.ts";
import { after, asksFor, claimOf, completedAs, defined, done, place, SPEC, task } from "../../task-builders.ts";

const TASKS = defined([task("T1"), task("T2")]);
const RELEASED: SpecFact = { type: "claim-released", spec: SPEC, task: "T1", epoch: 1, reason: "later" };
const MOVED: readonly SpecFact[] = [
  {
    type: "worktree-move-intended",
    worktree: "w1",
    move: { why: "restack", from: "a", to: "b", brought: [], proofs: [], starts: [] },
  },
  { type: "worktree-moved", worktree: "w1" },
];
const LEFT = [TASKS, claimOf("T1", { start: "s0" }), RELEASED];
const REJECTED: SpecFact = { type: "pr-changed", spec: SPEC, task: "T1", pr: { status: "rejected" }, by: "review" };

test.each([
  ["in the same worktree goes on where it was left", LEFT, place("w1"), "s0"],
  ["in another worktree begins at its HEAD", LEFT, place("w2"), "h0"],
  ["after another task in the same worktree begins anew", [...LEFT, ...done("T2")], place("w1"), "h0"],
  ["after code came into the worktree begins anew", [...LEFT, ...MOVED], place("w1"), "h0"],
] as const)("a claim after one that was given back: %s", (_name, facts, where, start) => {
  expect(startOf(after(facts), where)).toBe(start);
});

test.each([
  ["on top of itself, work begins where it began", [], true, "s0"],
  ["not on top of itself, it begins at the claim", [], false, "s1"],
  ["with another task in between, it begins at the claim", done("T2"), true, "s1"],
] as const)("work that is done again: %s", (_name, between, goesOn, start) => {
  const again = claimOf("T1", { epoch: 2, start: "s1" });
  const progress = after([TASKS, claimOf("T1"), completedAs("T1"), REJECTED, ...between, again]);
  const proof = { epoch: 2, tokenHash: "t1" };
  const intent = { spec: SPEC, task: "T1", proof, commit: "c2", changed: true, goesOn, contains: [] };
  expect(completeTask(progress, intent).facts).toMatchObject([{ type: "task-completed", start }]);
});

function startOf(progress: Progress, where: ReturnType<typeof place>): string | undefined {
  const { facts } = claimTask(progress, asksFor("T1", { place: where }));
  return facts.flatMap((fact) => (fact.type === "task-claimed" ? [fact.claim.start] : []))[0];
}
