import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { requireSound } from "../support/checks.ts";
import { type Field, field, type OrchProcess } from "../support/field.ts";
import { resume } from "../support/walk.ts";

const LANES = [{ id: "a" }, { id: "b" }, { id: "c", dependsOn: ["a"] }];

/** They differ in their exit code alone; the long form tries all of them. */
const SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;

test.each(SIGNALS.slice(0, process.env["ORCHARD_LONG"] === "1" ? 3 : 2))(
  "%s starts no new lane, leaves the agents at work, ends with %i and names the next commands",
  async (signal, code) => {
    await using one = await field();
    const first = await working(one);
    first.child.kill(signal);
    await one.seen(({ type }) => type === "driver-ended");
    expect(await first.ended).toEqual({ code, signal: null });
    expect(first.stderr()).toContain("INTERRUPTED");
    expect(first.stderr()).toContain("orch resume");
    expect(first.stderr()).toContain("orch stop");
    const lanes = one.facts().flatMap(({ type, lane }) => (type === "lane-preparing" ? [lane] : []));
    expect(lanes.sort()).toEqual(["a", "b"]);
    release(one);
    await until("both agents come to their end", () => one.runs().filter(({ what }) => what === "done").length === 2);
    await resume(one);
    await one.orch(["merge"]);
    await requireSound(one);
    expect(one.runs().filter(({ what }) => what === "begin")).toHaveLength(3);
  },
  300_000,
);

test("a second Ctrl+C ends the agents and keeps their work, as orch stop does", async () => {
  await using one = await field();
  const first = await working(one);
  first.child.kill("SIGINT");
  await one.seen(({ type }) => type === "driver-ended");
  first.child.kill("SIGINT");
  expect(await first.ended).toEqual({ code: 130, signal: null });
  const stopped = one.facts().flatMap(({ type, lane }) => (type === "lane-stopped" ? [lane] : []));
  expect(stopped.sort()).toEqual(["a", "b"]);
  expect(first.stderr()).toMatch(/orch retry a, then orch retry b, then orch resume/);
  release(one);
  for (const lane of ["a", "b"]) await one.orch(["retry", lane]);
  await one.orch(["execute"]);
  await one.orch(["merge"]);
  await requireSound(one);
}, 300_000);

test("a command that drives nothing ends at the first signal, and the next one goes on where it was", async () => {
  await using one = await field();
  const first = await working(one);
  first.child.kill("SIGKILL");
  await first.ended;
  const stop = one.start(["stop"]);
  await one.seen(({ type }) => type === "stop-requested");
  stop.child.kill("SIGINT");
  expect(await stop.ended).toEqual({ code: null, signal: "SIGINT" });
  await one.orch(["stop"]);
  const stopped = one.facts().flatMap(({ type, lane }) => (type === "lane-stopped" ? [lane] : []));
  expect(stopped.sort()).toEqual(["a", "b"]);
}, 300_000);

test("a driver whose reader went away goes on", async () => {
  await using one = await field();
  await one.addLanes(LANES);
  const first = one.start(["execute"]);
  first.child.stderr?.destroy();
  first.child.stdout?.destroy();
  expect(await first.ended).toEqual({ code: 0, signal: null });
  expect(one.runs().filter(({ what }) => what === "done")).toHaveLength(3);
}, 300_000);

async function working(one: Field): Promise<OrchProcess> {
  await one.addLanes(LANES);
  for (const { id } of LANES) one.hold(id);
  const first = one.start(["execute"]);
  await until("two agents work", () => one.runs().length === 2);
  return first;
}

function release(one: Field): void {
  for (const { id } of LANES) one.release(id);
}
