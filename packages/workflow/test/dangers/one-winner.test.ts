import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { tried } from "@orchard/testkit";
import { expect, test } from "vitest";
import type { Answer } from "./programs/answer.ts";
import { openDesks } from "./programs/open-desks.ts";
import { idOf, looseTasks, recordsOf, worksite } from "./programs/worksite.ts";

const IS_LONG = process.env["ORCHARD_LONG"] === "1";
const ROUNDS = IS_LONG ? 200 : 4;
const CLAIMERS = 32;
const PROCESSES = IS_LONG ? 32 : 4;

/** What one round of claimers came to: who was told that it won, and whose token proves the claim on record. */
interface Round {
  readonly told: readonly string[];
  readonly proved: readonly string[];
  /** Losers that were not told who holds the task. */
  readonly uninformed: readonly string[];
}

function isSound({ told, proved, uninformed }: Round): boolean {
  return told.length === 1 && proved.length === 1 && told[0] === proved[0] && uninformed.length === 0;
}

test(
  `${CLAIMERS} claimers want the same task: one wins, its token proves it, and all others are told who holds it`,
  async ({ task: test }) => {
    tried(test, ROUNDS);
    using site = await worksite(looseTasks(ROUNDS));
    const agents = Array.from({ length: CLAIMERS }, (_, index) => `agent${index}`);
    for (const agent of agents) site.settle(agent);
    await using processes = new AsyncDisposableStack();
    const desks = Array.from({ length: PROCESSES }, () => processes.use(openDesks()));
    const bad: unknown[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const task = idOf(round);
      const answers = await Promise.all(
        agents.map((agent, index) =>
          desks[index % PROCESSES]!.ask({ at: site.pathOf(agent), agent, do: "start", task }),
        ),
      );
      const claim = recordsOf(await site.progress())[task]?.claim;
      const told = answers.flatMap(({ order, outcome }) => (outcome?.kind === "started" ? [order.agent] : []));
      const proved: string[] = [];
      for (const agent of agents) {
        const hash = await site.proofOf(agent, task);
        if (hash !== undefined && hash === claim?.tokenHash) proved.push(agent);
      }
      const uninformed = answers.flatMap(({ order, outcome, error }) =>
        outcome?.kind === "started" || isToldWho(error, claim?.agent) ? [] : [`${order.agent}: ${error?.message}`],
      );
      const found = { told, proved, uninformed };
      if (!isSound(found) || claim?.epoch !== 1) bad.push({ task, ...found });
    }
    expect(bad).toEqual([]);
  },
  IS_LONG ? 7_200_000 : 600_000,
);

test("negative control: with claims read from a file and written back there are rounds with two winners", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orchard claims "));
  const file = join(folder, "claims.json");
  mkdirSync(join(folder, "tokens"));
  try {
    let bad = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      const task = idOf(round);
      const told = await Promise.all(
        Array.from({ length: CLAIMERS }, async (_, index) => {
          const claims = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
          if (claims[task] !== undefined) return [];
          await setImmediate();
          writeFileSync(`${file}.${index}`, JSON.stringify({ ...claims, [task]: `agent${index}` }));
          renameSync(`${file}.${index}`, file);
          return [`agent${index}`];
        }),
      );
      const proved = [JSON.parse(readFileSync(file, "utf8"))[task] as string];
      if (!isSound({ told: told.flat(), proved, uninformed: [] })) bad += 1;
    }
    expect(bad).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function isToldWho(error: Answer["error"], holder: string | undefined): boolean {
  return error?.code === "TASK_TAKEN" && holder !== undefined && error.message.includes(`@${holder} `);
}
