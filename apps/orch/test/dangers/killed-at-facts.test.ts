import { expect, test } from "vitest";
import { requireSound } from "../support/checks.ts";
import { type Field, field } from "../support/field.ts";
import { outcomeOf } from "../support/outcome.ts";
import { type Killer, killHard, SIX_LANES, sparing, walk } from "../support/walk.ts";

const WALK = [["execute"], ["merge"]];

/** Every fact of a walk that succeeds, with a base that has gained a commit before the merge. */
const FACTS = [
  "driver-started",
  "phase-changed",
  "lane-preparing",
  "worktree-ready",
  "attempt-intended",
  "attempt-started",
  "attempt-ended",
  "attempt-failed",
  "lane-completed",
  "base-checked",
  "base-merge-intended",
  "base-merged",
  "landing-intended",
  "lane-landed",
  "base-followed",
];

test("killed right after each fact of the walk in turn, and resumed, it ends as if nothing had been", async () => {
  const plain = await walked(sparing);
  const left = new Set(FACTS);
  const killed = await walked(killingAt(left));
  expect([...left]).toEqual([]);
  expect(killed).toEqual(plain);
}, 600_000);

async function walked(killer: Killer) {
  await using one = await field();
  await one.addLanes(SIX_LANES);
  one.repo.commit("the person's own", { "own.txt": "own\n" });
  await walk(one, WALK.slice(0, 1), killer);
  one.repo.commit("meanwhile", { "meanwhile.txt": "meanwhile\n" });
  await walk(one, WALK.slice(1), killer);
  await requireSound(one);
  return outcomeOf(one);
}

/** The first fact of a kind not yet met is the last that this process sees. */
function killingAt(left: Set<string>): Killer {
  return async (orch, one: Field) => {
    const before = one.facts().length;
    let hasEnded = false;
    void orch.ended.then(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      const met = one
        .facts()
        .slice(before)
        .find(({ type }) => left.has(type));
      if (met !== undefined) {
        const wasAlive = await killHard(orch);
        if (wasAlive) left.delete(met.type);
        return wasAlive;
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return false;
  };
}
