import { tried } from "@orchard/testkit";
import { expect, test } from "vitest";
import { requireSound } from "../support/checks.ts";
import { field } from "../support/field.ts";
import { type Outcome, outcomeOf } from "../support/outcome.ts";
import { chosenSeed, randomFrom } from "../support/random.ts";
import { type Killer, killHard, SIX_LANES, sparing, walk } from "../support/walk.ts";

const WALK = [["execute"], ["merge"]];
const KILLS_A_RUN = 5;
const KILLS = process.env["ORCHARD_LONG"] === "1" ? 200 : 3;

test(
  "killed -9 at random instants and resumed, execute and merge end as if nothing had been",
  async ({ task }) => {
    tried(task, KILLS);
    const random = randomFrom(chosenSeed());
    const { outcome, ms } = await uninterrupted();
    for (let kills = 0; kills < KILLS; ) {
      await using one = await field();
      await one.addLanes(SIX_LANES);
      kills += await walk(one, WALK, killingAtRandom(random, ms, Math.min(KILLS_A_RUN, KILLS - kills)));
      await requireSound(one);
      expect(outcomeOf(one)).toEqual(outcome);
      console.log(`${kills} of ${KILLS} kills survived`);
    }
  },
  KILLS * 15_000 + 120_000,
);

async function uninterrupted(): Promise<{ readonly outcome: Outcome; readonly ms: number }> {
  await using one = await field();
  await one.addLanes(SIX_LANES);
  const began = performance.now();
  expect(await walk(one, WALK, sparing)).toBe(0);
  const ms = performance.now() - began;
  await requireSound(one);
  expect(one.runs().filter(({ what }) => what === "done")).toHaveLength(SIX_LANES.length);
  return { outcome: outcomeOf(one), ms };
}

/** Most kills early, where a process begins and takes up what it finds, the others anywhere in a whole run. */
function killingAtRandom(random: () => number, ms: number, most: number): Killer {
  let kills = 0;
  return async (orch) => {
    if (kills >= most) return false;
    const after = random() < 0.75 ? 300 + random() * 1_200 : random() * ms;
    const timer = Promise.withResolvers<void>();
    const handle = setTimeout(timer.resolve, after);
    await Promise.race([timer.promise, orch.ended]);
    clearTimeout(handle);
    if (!(await killHard(orch))) return false;
    kills += 1;
    return true;
  };
}
