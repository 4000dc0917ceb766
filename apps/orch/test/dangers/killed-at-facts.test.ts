import { sampled } from "@orchard/testkit";
import { expect, test } from "vitest";
import { requireSound } from "../support/checks.ts";
import { field } from "../support/field.ts";
import { outcomeOf } from "../support/outcome.ts";
import { type Killer, killingAt, SIX_LANES, sparing, walk } from "../support/walk.ts";

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
  const left = new Set(sampled(FACTS));
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
