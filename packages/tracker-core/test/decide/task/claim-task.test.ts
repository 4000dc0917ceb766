import { expect, test } from "vitest";
import {
  abandonMove,
  claimTask,
  completeTask,
  failTask,
  keepLateEvidence,
  releaseTask,
  renewClaim,
  type WorktreeMove,
  waitWithClaim,
  witnessClaim,
} from "../../../src/index.ts";
import {
  after,
  asksFor,
  claimOf,
  defined,
  done,
  instant,
  place,
  recordOf,
  SPEC,
  said,
  task,
} from "../../task-builders.ts";

const open = after([defined([task("T1"), task("T2", { dependsOn: ["T1"] })])]);
const held = after([claimOf("T1")], open);
const name = { spec: SPEC, task: "T1" };
const proof = { epoch: 1, tokenHash: "t1" };
const claimed = { facts: ["task-claimed"], outcome: { kind: "claimed", epoch: 1 } };
const taken = { facts: ["claim-taken-over", "task-claimed"], outcome: { kind: "claimed", epoch: 2 } };
const changed = { facts: [], outcome: { kind: "changed", epoch: 0 } };

test.each([
  ["an open task is claimed", open, {}, claimed],
  [
    "whoever holds it already is told so",
    held,
    { tokenHash: "t1" },
    { facts: [], outcome: { kind: "yours", epoch: 1 } },
  ],
  ["a holder that was not judged is looked at first", held, {}, changed],
  [
    "a holder that was judged in an earlier claim is looked at anew",
    held,
    { holder: { kind: "gone", epoch: 0, why: "" } },
    changed,
  ],
  ["a holder that holds keeps it", held, { holder: { kind: "holds", epoch: 1 } }, "TASK_TAKEN"],
  ["one that is gone loses it", held, { holder: { kind: "gone", epoch: 1, why: "dead" } }, taken],
  [
    "one that gave a sign of life since it was judged is judged anew",
    held,
    { holder: { kind: "gone", epoch: 1, why: "still", renewedAt: instant(-60).at } },
    changed,
  ],
  [
    "one that gave none since loses it",
    held,
    { holder: { kind: "gone", epoch: 1, why: "still", renewedAt: instant(0).at } },
    taken,
  ],
  ["a task that waits is not available", open, { task: "T2" }, "TASK_NOT_AVAILABLE"],
  ["a finished task is not available", after(done("T1"), open), {}, "TASK_NOT_AVAILABLE"],
  [
    "a dependency whose commit is another by now is looked at anew",
    after(done("T1"), open),
    { task: "T2", checked: [{ task: "T1", commit: "older" }] },
    changed,
  ],
  [
    "a dependency as it was checked is fine",
    after(done("T1"), open),
    { task: "T2", checked: [{ task: "T1", commit: "c-T1" }] },
    claimed,
  ],
] as const)("%s", (_name, progress, part, expected) => {
  expect(said(() => claimTask(progress, asksFor("T1", part)))).toEqual(expected);
});

test("nobody claims from a worktree whose checkout is just being moved", () => {
  const move: WorktreeMove = { why: "start", from: "a", to: "b", brought: [], proofs: [], starts: [] };
  const moving = after(
    [
      { type: "worktree-seen", place: place("w2") },
      { type: "worktree-move-intended", worktree: "w2", move },
    ],
    open,
  );
  expect(said(() => claimTask(moving, asksFor("T1")))).toBe("WORKTREE_MOVING");
});

test("a move that is given up gives back the claim that was to begin with it, and no other", () => {
  const move: WorktreeMove = { why: "start", from: "h0", to: "h1", brought: [], proofs: [], starts: [] };
  const before = after([defined([task("T1"), task("T2")]), claimOf("T2", { place: place("w2"), tokenHash: "t0" })]);
  const { facts } = claimTask(before, asksFor("T1", { move }));
  const moving = after(facts, before);
  const given = after(abandonMove(moving, "w2", "in the way").facts, moving);
  expect(recordOf(given, "T1")).toMatchObject({ state: "open", epoch: 1, claim: undefined });
  expect(recordOf(given, "T2")).toMatchObject({ state: "in_progress" });
  expect(abandonMove(given, "w2", "again").facts).toEqual([]);
});

const VERBS = {
  complete: (progress: typeof held, p: typeof proof) =>
    completeTask(progress, { ...name, proof: p, commit: "c", changed: true, contains: [] }),
  fail: (progress: typeof held, p: typeof proof) =>
    failTask(progress, { ...name, proof: p, reason: "no", cancelled: false }),
  release: (progress: typeof held, p: typeof proof) => releaseTask(progress, { ...name, proof: p, reason: "no" }),
  heartbeat: (progress: typeof held, p: typeof proof) => renewClaim(progress, { ...name, proof: p, now: instant(9) }),
  block: (progress: typeof held, p: typeof proof) => waitWithClaim(progress, { ...name, proof: p, reason: "no" }),
};

test.each(Object.entries(VERBS))("%s is the holder's alone, of its own claim", (_verb, decide) => {
  expect(said(() => decide(held, proof))).toMatchObject({ outcome: null });
  const codes = (progress: typeof held, p: typeof proof) => said(() => decide(progress, p));
  expect(codes(open, proof)).toBe("TASK_NOT_CLAIMED");
  expect(codes(held, { ...proof, epoch: 2 })).toBe("STALE_CLAIM");
  expect(codes(held, { ...proof, tokenHash: "t2" })).toBe("STALE_CLAIM");
  expect(codes(after(done("T1"), open), proof)).toBe("STALE_CLAIM");
  const lost = after(claimTask(held, asksFor("T1", { holder: { kind: "gone", epoch: 1, why: "dead" } })).facts, held);
  expect(codes(lost, proof)).toBe("STALE_CLAIM");
});

test("late work is kept once, however often it is handed in", () => {
  const late = { ...name, agent: "claude", epoch: 1, verb: "complete", commit: "c" };
  const once = after(keepLateEvidence(held, late).facts, held);
  expect(recordOf(once, "T1")?.late).toMatchObject([{ epoch: 1, verb: "complete", commit: "c" }]);
  expect(keepLateEvidence(once, late).facts).toEqual([]);
});

test.each([
  ["newer than known", { epoch: 1, signAt: instant(30).at }, instant(30).at],
  ["older than known", { epoch: 1, signAt: instant(-5).at }, instant(0).at],
  ["of a clock ahead of ours", { epoch: 1, signAt: instant(500).at }, instant(100).at],
  ["of another claim", { epoch: 2, signAt: instant(30).at }, instant(0).at],
])("a sign of life %s", (_name, sign, renewedAt) => {
  const { facts } = witnessClaim(held, { ...name, ...sign, now: instant(100) });
  expect(recordOf(after(facts, held), "T1")?.claim).toMatchObject({
    renewedAt,
    renewedSinceBoot: Date.parse(renewedAt) - Date.parse(instant(0).at),
  });
});
