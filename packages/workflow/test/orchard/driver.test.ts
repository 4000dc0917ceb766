import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownIdentity } from "@orchard/host";
import { startNode } from "@orchard/testkit";
import { happened, startDriver } from "@orchard/tracker-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { activeDriver, record } from "../../src/index.ts";
import { type Garden, garden } from "../harness.ts";

let g: Garden;
beforeAll(async () => {
  g = await garden();
});
afterAll(async () => g[Symbol.asyncDispose]());

const note = happened({ type: "phase-changed", phase: 4, status: "running" });

test("a second driver is refused while the first one lives, and told who that is", async () => {
  await g.drive(async () => {
    await expect(g.drive(async () => undefined)).rejects.toMatchObject({
      code: "DRIVER_ACTIVE",
      exitCode: 3,
      message: expect.stringContaining(`pid ${process.pid}`),
    });
  });
  expect(activeDriver(await g.tracker())).toBeUndefined();
});

test("a driver that died without a word is overtaken at once", async () => {
  const script = join(g.place.stateDir, "identity.ts");
  writeFileSync(
    script,
    `import { ownIdentity } from ${JSON.stringify(join(import.meta.dirname, "../../../host/src/index.ts"))};
process.stdout.write(JSON.stringify(ownIdentity()));`,
  );
  const dead = startNode(script);
  await dead.ended;
  const identity = JSON.parse(dead.stdout()) as ReturnType<typeof ownIdentity>;
  await record(g.orchard, "test", (tracker) => startDriver(tracker, { identity, command: "orch execute" }));
  const before = (await g.tracker()).epoch;
  expect(await g.drive(async ({ epoch }) => epoch)).toBe(before + 1);
});

test("a driver that was overtaken while it slept records nothing more", async () => {
  const slept = g.drive(async (driver) => {
    await record(g.orchard, "test", (tracker) =>
      startDriver(tracker, { identity: ownIdentity(), command: "the next one" }),
    );
    await driver.record("too late", () => note);
  });
  await expect(slept).rejects.toMatchObject({ code: "STALE_DRIVER", exitCode: 4 });
  const { driver, phase } = await g.tracker();
  expect(driver).toMatchObject({ command: "the next one" });
  expect(driver?.endedAt).toBeUndefined();
  expect(phase).toBe(0);
});
