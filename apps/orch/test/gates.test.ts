import { expect, test } from "vitest";
import { orchSandbox, shellLane, writes } from "./orch-sandbox.ts";

test("a red base stops merge with exit 3; allowed, it lands what adds no failure, and why shows each receipt", async () => {
  const config = JSON.stringify({ verify: ["test ! -e broken.txt"], limits: { freeDisk: "1MB", freeMemory: "1MB" } });
  using sandbox = orchSandbox({ "orch.config.jsonc": config });
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "fine", shellLane(writes("fine.txt", "1")));
  await sandbox.ok("execute");
  sandbox.repo.commit("breaks the base", { "broken.txt": "1" });
  const stopped = await sandbox.orch(["merge"]);
  expect([stopped.code, stopped.stderr]).toEqual([3, expect.stringContaining('does not pass "test ! -e broken.txt"')]);
  expect(stopped.stderr).toContain("--allow-red-base");

  const allowed = await sandbox.json("merge", "--allow-red-base");
  expect(allowed).toMatchObject({ landed: [{ lane: "fine", verified: false, onRedBase: true }] });
  const why = await sandbox.ok("why", "fine");
  expect(why).toMatch(/has landed as \w+, on a red base to which it adds no failure/);
  expect(why).toMatch(/✗ test ! -e broken\.txt → exit code 1, [\d.]+ s, output [0-9a-f]{12}/);
  expect(await sandbox.json("why", "fine")).toMatchObject({
    merge: { evidence: { receipts: [{ code: 1 }] } },
  });
});

test("on a red base full and exec-lane carry lanes that add no failure, where that is allowed; why shows the base", async () => {
  const probes = { project: false, untested: false, docs: false, "open-tasks": false };
  const config = JSON.stringify({
    verify: ["false"],
    probes,
    attempts: 1,
    limits: { freeDisk: "1MB", freeMemory: "1MB" },
  });
  using sandbox = orchSandbox({ "orch.config.jsonc": config });
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "one", shellLane(writes("one.txt", "1")));
  const done = await sandbox.orch(["exec-lane", "one", "--allow-red-base"]);
  expect([done.code, done.stderr]).toEqual([0, expect.stringContaining("on a red base: it adds no failure")]);
  const why = await sandbox.ok("why", "one");
  expect(why).toMatch(
    /is done, on a red base to which it adds no failure, and waits to land\.[\s\S]*✗ false → exit code 1/,
  );
  expect(why).toMatch(/on a red base, false: red/);
  await sandbox.ok("add-lane", "two", shellLane(writes("two.txt", "1")));
  expect(await sandbox.json("full", "--allow-red-base")).toMatchObject({
    landing: {
      landed: [
        { lane: "one", onRedBase: true },
        { lane: "two", onRedBase: true },
      ],
    },
  });
}, 60_000);

test("a lane that may take back what others landed is asked for by a name that exists", async () => {
  using sandbox = orchSandbox();
  await sandbox.ok("init");
  expect(await sandbox.orch(["merge", "--accept-revert", "nobody"])).toMatchObject({ code: 2 });
  expect((await sandbox.orch(["merge", "--accept-revert", "../x"])).stderr).toContain("BAD_ID");
});
