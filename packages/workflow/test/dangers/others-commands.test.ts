import { existsSync } from "node:fs";
import { join } from "node:path";
import { until } from "@orchard/testkit";
import { parseOid } from "@orchard/worktree-git";
import { expect, test } from "vitest";
import { runInCheckout } from "../../src/verify/run-in-checkout.ts";
import { inScratch } from "../../src/verify/verify-merged.ts";
import { type Garden, garden } from "../harness.ts";

const WAITS = "touch begun; for i in $(seq 600); do [ -e go ] && exit 0; sleep 0.05; done; exit 1";

/** How a command of the driver ends that runs in `folder` while the driver begins to work in its scratch worktree. */
async function endsAs(g: Garden, folder: string): Promise<{ code: number | null; signal: string | null }> {
  return g.drive(async (driver) => {
    const commit = parseOid(g.at("main"));
    const log = join(g.place.orchestrationDir, "one.log");
    const running = runInCheckout(driver, { subject: "a", commit, folder, command: WAITS, log });
    await until("it runs", () => existsSync(join(folder, "begun")), { within: 60_000 });
    await inScratch(driver, "check the base", async () => undefined);
    g.repo.write({ go: "" }, folder);
    const receipt = await running;
    if (receipt === "interrupted") throw new Error("nobody interrupted");
    return { code: receipt.code, signal: receipt.signal };
  });
}

test("beginning in the scratch worktree ends nothing that runs in the worktree of a lane", async () => {
  await using g = await garden();
  const lane = g.worktree("a");
  g.repo.git(["worktree", "add", "-q", "--detach", lane]);
  expect(await endsAs(g, lane)).toEqual({ code: 0, signal: null });

  // Control: what was left in the scratch worktree itself is ended by the same.
  const scratch = join(g.place.worktreesDir, "verify");
  await g.drive((driver) => inScratch(driver, "make it", async () => undefined));
  expect(await endsAs(g, scratch)).not.toEqual({ code: 0, signal: null });
});

test("who waits for the scratch worktree and is interrupted waits no longer", async () => {
  await using g = await garden();
  const interrupt = new AbortController();
  const outcome = await g.drive(async (driver) => {
    let waiting: Promise<unknown> = Promise.resolve();
    await inScratch(driver, "one", async () => {
      waiting = inScratch(driver, "another", async () => "had its turn");
      interrupt.abort();
      expect(await waiting).toBe("interrupted");
    });
    return waiting;
  }, interrupt.signal);
  expect(outcome).toBe("interrupted");
});
