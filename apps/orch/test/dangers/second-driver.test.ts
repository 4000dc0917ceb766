import { ownIdentity } from "@orchard/host";
import { until } from "@orchard/testkit";
import { endDriver, startDriver } from "@orchard/tracker-core";
import { findPlace, openOrchard, record } from "@orchard/workflow";
import { expect, test } from "vitest";
import { realPorts } from "../../src/composition.ts";
import { requireSound } from "../support/checks.ts";
import { type Field, field } from "../support/field.ts";
import { resume } from "../support/walk.ts";

const LANES = [{ id: "a" }, { id: "b", dependsOn: ["a"] }];

test("a second driver is refused, by pid and start of the first, also while that one is stopped", async () => {
  await using one = await field();
  await one.addLanes(LANES);
  one.hold("a");
  const first = one.start(["execute"]);
  await one.seen(({ type }) => type === "attempt-started");
  for (const state of ["running", "stopped"]) {
    if (state === "stopped") first.child.kill("SIGSTOP");
    for (const command of ["execute", "merge", "resume"]) {
      const second = one.start([command]);
      expect(await second.ended).toEqual({ code: 3, signal: null });
      expect(second.stderr()).toContain("DRIVER_ACTIVE");
      expect(second.stderr()).toMatch(new RegExp(`pid ${first.pid}, started \\d{4}-\\d\\d-\\d\\dT`));
    }
    await one.orch(["status"]);
  }
  one.release("a");
  first.child.kill("SIGCONT");
  expect(await first.ended).toEqual({ code: 0, signal: null });
  await one.orch(["merge"]);
  await requireSound(one);
}, 300_000);

test("a driver that was overtaken while it was stopped records nothing more, starts nothing and ends with 4", async () => {
  await using one = await field();
  await one.addLanes(LANES);
  one.hold("a");
  const first = one.start(["execute"]);
  await until("the agent works", () => one.runs().length === 1);
  first.child.kill("SIGSTOP");
  const epoch = await overtake(one);
  const before = one.facts().length;
  one.release("a");
  await one.seen(({ type }) => type === "attempt-ended", before);
  first.child.kill("SIGCONT");
  expect(await first.ended).toEqual({ code: 4, signal: null });
  expect(first.stderr()).toContain("STALE_DRIVER");
  const after = one.facts().slice(before);
  expect(after.map(({ type }) => type)).toEqual(["attempt-ended"]);
  expect(one.runs()).toHaveLength(2);
  await leave(one, epoch);
  await resume(one);
  await one.orch(["merge"]);
  await requireSound(one);
  expect(one.repo.read("out/b.txt")).toBe("work of b\nwork of a\n");
}, 300_000);

async function overtake(one: Field): Promise<number> {
  await using orchard = await opened(one);
  const intent = { identity: ownIdentity(), command: "orch execute" };
  return (await record(orchard, "another driver starts", (tracker) => startDriver(tracker, intent))).outcome;
}

async function leave(one: Field, epoch: number): Promise<void> {
  await using orchard = await opened(one);
  await record(orchard, "the other driver ends", (tracker) => endDriver(tracker, { epoch, why: "done" }));
}

function opened(one: Field) {
  return openOrchard(
    findPlace(one.repo.path),
    realPorts(() => undefined),
    { by: "a test" },
  );
}
