import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requestStop } from "../../src/index.ts";
import { testAttempt } from "../support/attempt.ts";

const ROUNDS = process.env["ORCHARD_LONG"] === "1" ? 100 : 8;

test("a stop at any moment of the start ends the attempt as stopped, with nothing left running", async () => {
  const ran: boolean[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await using attempt = await testAttempt({
      command: "echo ran > ran.txt; trap '' TERM; setsid sleep 600 & sleep 600",
      limits: { graceMs: 50 },
    });
    const started = attempt.start();
    await new Promise((resolve) => setTimeout(resolve, (round * 400) / ROUNDS));
    await requestStop(attempt.folder, "at once");
    await started;
    expect(await attempt.ended()).toMatchObject({ outcome: "stopped", reason: "at once" });
    expect(attempt.survivors()).toEqual([]);
    ran.push(existsSync(join(attempt.cwd, "ran.txt")));
  }
  expect(ran.length).toBe(ROUNDS);
});
