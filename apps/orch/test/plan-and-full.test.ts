import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownIdentity } from "@orchard/host";
import { happened } from "@orchard/tracker-core";
import { findPlace, openOrchard, record } from "@orchard/workflow";
import { expect, test } from "vitest";
import { realPorts } from "../src/composition.ts";
import { orchSandbox, shellLane, writes } from "./orch-sandbox.ts";

const QUIET = { project: false, untested: false, docs: false, "open-tasks": false };
const SCRIPTED = { agent: "scripted", agents: { scripted: { command: writes("out/$ORCH_LANE", "done") } } };

const config = (more: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ probes: QUIET, verify: ["true"], ...more });

test("with nothing to do, full says so and ends well; the phases are in the tracker", async () => {
  using one = orchSandbox({ "README.md": "hello\n", "orch.config.jsonc": config({}) });
  await one.ok("init");
  expect(await one.ok("full")).toContain("Nothing to do: no gap, no open task, no lane that waits.");
  expect(await one.json("full")).toMatchObject({ nothing_to_do: true, plan: { lanes: [] } });
  expect((await one.json<{ data: unknown }>("status")).data).toMatchObject({
    phase: 4,
    status: "completed",
    run: { workflow: "full", phases_done: [1, 2, 3, 4], outcome: "completed" },
  });
  expect(one.repo.git(["status", "--porcelain"])).toBe("");
}, 60_000);

test("a run that cannot go on as a whole is open: mended, it is resumed where it was", async () => {
  using one = orchSandbox({
    "src/a.ts": "// TODO: mend a\n",
    // Of two agents none is chosen.
    "orch.config.jsonc": config({ agents: { ...SCRIPTED.agents, another: { command: "true" } } }),
  });
  const nobody = { PATH: "/usr/bin:/bin" };
  await one.ok("init");
  const refused = await one.orch(["full"], { env: nobody });
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("error[NO_AGENT]")]);
  expect(await one.json("resume", "--dry-run")).toMatchObject({ would: { phase: "full" } });
  const beside = await one.orch(["merge"]);
  expect(beside.stderr).toMatch(/warning: the run that orch full began .* has not come to its end[\s\S]*orch resume/);
  expect(await one.json("resume", "--dry-run")).toMatchObject({ would: { phase: "full" } });
  const resumed = await one.orch(["resume", "--agent", "scripted", "--json"], { env: nobody });
  const data = JSON.parse(resumed.stdout) as { probes: unknown; landing: { landed: readonly { lane: string }[] } };
  expect(data.probes).toBeNull();
  expect(data.landing.landed.map(({ lane }) => lane)).toEqual([expect.stringContaining("todo.")]);
  expect(await one.json("resume")).toEqual({ resumed: "nothing" });
}, 60_000);

test("a lane that fails keeps no other from landing, and the exit code tells", async () => {
  using one = orchSandbox({
    "src/a.ts": "// TODO: mend a\n",
    "orch.config.jsonc": config({ ...SCRIPTED, attempts: 1 }),
  });
  await one.ok("init");
  await one.ok("add-lane", "bad", shellLane("exit 9"));
  const ran = await one.orch(["full"]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(/✗ bad failed: orch why bad[\s\S]*✓ todo\.\S+ landed/);
}, 60_000);

test("a plan is shown without being made, taken from anywhere, and an edit that was not taken is told at execute", async () => {
  using one = orchSandbox({ "src/deep/a.ts": "", "orch.config.jsonc": config(SCRIPTED) });
  await one.ok("init");
  const plan = JSON.stringify({ lanes: [{ id: "a", tasks: ["mend a"], parallel: true }] });
  const folder = join(one.repo.path, "src/deep");
  const dry = await one.orch(["plan", "--from", "-", "--dry-run", "--json"], { cwd: folder, input: plan });
  expect(JSON.parse(dry.stdout)).toMatchObject({ added: ["a"], dry_run: true });
  expect((await one.json<{ data: { lanes: object } }>("status")).data.lanes).toEqual({});
  expect((await one.orch(["plan", "--from", "-"], { cwd: folder, input: plan })).code).toBe(0);
  const file = join(one.repo.path, "docs/_generated/execution_plan.json");
  writeFileSync(file, readFileSync(file, "utf8").replace("mend a", "mend b"));
  const ran = await one.orch(["execute"]);
  expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining("orch plan --from")]);
  expect((await one.orch(["plan"])).code).toBe(3);
  expect((await one.orch(["full"])).code).toBe(3);
  const bad = await one.orch(["plan", "--from", "-"], {
    input: '{"lanes":[{"id":"x","tasks":["y"],"comand":"z"}]}',
  });
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringMatching(/^error\[INVALID_INPUT\].*lanes\[0\]\.comand/)]);
}, 60_000);

test("a plan that came on standard input is asked for again when its command was killed, and nothing waits for it", async () => {
  using one = orchSandbox({ "README.md": "hello\n", "orch.config.jsonc": config({}) });
  await one.ok("init");
  const orchard = await openOrchard(
    findPlace(one.repo.path),
    realPorts(() => undefined),
    { by: "test" },
  );
  const identity = { ...ownIdentity(), startTime: "0" };
  await record(orchard, "a driver that dies", () =>
    happened({ type: "driver-started", epoch: 1, identity, command: "orch plan", options: { from: "-" } }),
  );
  await orchard[Symbol.asyncDispose]();
  for (const args of [["resume"], ["resume", "--dry-run"]]) {
    const { code, stderr } = await one.orch(args);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/PLAN_NOT_KEPT[\s\S]*orch plan --from <file>/)]);
  }
  await one.ok("plan");
  expect(await one.json("resume")).toEqual({ resumed: "nothing" });
});
