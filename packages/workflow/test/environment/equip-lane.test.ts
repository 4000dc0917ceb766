import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { allocatePorts, readClaims } from "../../src/environment/port-registry.ts";
import { cleanUp, retryLane, stopLanes } from "../../src/index.ts";
import { commits, contentAt } from "../harness.ts";
import { equippedGarden } from "./equipped-garden.ts";

const IGNORES = { ".gitignore": ".env\nnode_modules/\nlogs/\nruns\n*.link\n" };
const work = (id: string) => commits({ [`${id}.txt`]: id });
const heldPorts = (registry: string) =>
  readClaims(registry)
    .filter(({ worktree }) => worktree !== "")
    .map(({ port }) => port);

test("before the agent: ignored files, then set-up, with the lane's own ports, name and variables; the agent has them too", async () => {
  const show = "echo $PORT $API_PORT $DB $URL $PLAIN $ORCH_LANE";
  await using g = await equippedGarden({
    files: { ...IGNORES, ".worktreeinclude": ".env\n" },
    config: {
      setup: `cat .env && echo setup >> runs && ${show} > node_modules.tmp && mkdir -p node_modules && mv node_modules.tmp node_modules/seen`,
      ports: ["PORT", "API_PORT"],
      names: ["DB"],
      env: { URL: "http://localhost:${PORT}/${DB}", PLAIN: "${HOME} $PORT" },
    },
  });
  writeFileSync(join(g.repo.path, ".env"), "SECRET=1\n");
  for (const id of ["a", "b"]) await g.add(id, { command: `${show} > logs.txt && ${work(id)}` });
  expect((await g.execute()).completed).toEqual(["a", "b"]);
  const seen = ["a", "b"].map((id) =>
    contentAt(join(g.worktree(id), "node_modules/seen"))
      ?.trim()
      .split(" "),
  );
  const agent = ["a", "b"].map((id) =>
    contentAt(join(g.worktree(id), "logs.txt"))
      ?.trim()
      .split(" "),
  );
  expect(agent).toEqual(seen);
  const [a, b] = seen;
  const lane = await g.lane("a");
  expect(lane.worktree?.environment?.ports).toEqual({ PORT: Number(a?.[0]), API_PORT: Number(a?.[1]) });
  expect(new Set([a?.[0], a?.[1], b?.[0], b?.[1]]).size).toBe(4);
  expect(a?.[2]).toMatch(/^[a-z][a-z0-9_]{0,47}$/);
  expect(a?.[2]).not.toBe(b?.[2]);
  expect(a?.slice(3)).toEqual([`http://localhost:${a?.[0]}/${a?.[2]}`, "${HOME}", "$PORT", "a"]);
  expect(contentAt(join(g.worktree("a"), ".env"))).toBe("SECRET=1\n");
  expect(contentAt(join(g.worktree("a"), "runs"))).toBe("setup\n");
  expect(readFileSync(join(g.place.orchestrationDir, "logs/a/setup.log"), "utf8")).toBe("SECRET=1\n");
});

test("set-up that fails: the lane has failed with its output, no agent ran, and the next try sets up again", async () => {
  await using g = await equippedGarden({
    files: IGNORES,
    config: { setup: "echo step >> runs; echo no network; test -e ../../ok" },
  });
  await g.add("a", { command: work("a") });
  expect((await g.execute()).failed).toEqual(["a"]);
  const lane = await g.lane("a");
  expect([lane.failure?.cause, lane.attempts.length]).toEqual(["setup-failed", 0]);
  expect(lane.failure?.reason).toMatch(/^set-up failed: .*exit code 1\n[\s\S]*no network$/);
  writeFileSync(join(g.repo.path, "ok"), "");
  await retryLane(g.orchard, (await g.lane("a")).id, { fresh: false });
  expect((await g.execute()).completed).toEqual(["a"]);
  expect(contentAt(join(g.worktree("a"), "runs"))).toBe("step\nstep\n");
});

test("set-up that hangs is ended at its limit, with what it started", async () => {
  await using g = await equippedGarden({
    config: {
      setup: "echo waiting; sleep 1000 & sleep 1000",
      limits: { setup: "1s", freeDisk: "1MB", freeMemory: "1MB" },
    },
  });
  await g.add("a", { command: work("a") });
  expect((await g.execute()).failed).toEqual(["a"]);
  expect((await g.lane("a")).failure?.reason).toMatch(/did not end within 1 s \("limits.setup"\)\nwaiting$/);
});

test("set-up that a person stops ends, and the lane is stopped", async () => {
  await using g = await equippedGarden({
    files: IGNORES,
    config: { setup: "touch node_modules.started; mkdir -p logs; touch logs/begun; sleep 1000" },
  });
  await g.add("a", { command: work("a") });
  const running = g.execute();
  await until("set-up begins", () => existsSync(join(g.worktree("a"), "logs/begun")), { within: 30_000 });
  await stopLanes(g.orchard, (await g.lane("a")).id, "enough");
  expect((await running).stopped).toEqual(["a"]);
});

test("a second attempt does not set up again; another accepted command does", async () => {
  await using g = await equippedGarden({ files: IGNORES, config: { setup: "echo one >> runs", attempts: 2 } });
  await g.add("a", { command: `test -e logs/tried || { mkdir -p logs; touch logs/tried; exit 1; }; ${work("a")}` });
  expect((await g.execute()).completed).toEqual(["a"]);
  expect([contentAt(join(g.worktree("a"), "runs")), (await g.lane("a")).attempts.length]).toEqual(["one\n", 2]);
});

test("when the ports are exhausted the lane fails and says how many of the range others have; others go on", async () => {
  await using g = await equippedGarden({ range: 1, config: { ports: ["PORT"] } });
  const elsewhere = { worktree: g.repo.path, repository: "/elsewhere", variables: ["PORT"], first: 1024, last: 30_999 };
  expect(await allocatePorts(g.registry, { ...elsewhere, judge: async () => () => false })).toBeDefined();
  await g.add("a", { command: work("a") });
  await g.execute();
  await g.add("b", { command: work("b") });
  expect((await g.execute()).failed).toEqual(["b"]);
  const { failure } = await g.lane("b");
  expect(failure).toMatchObject({
    cause: "ports-exhausted",
    reason: expect.stringMatching(/fewer are free than the 1 needed: 1 of 1 belong/),
  });
});

test("ports are the lane's until it has landed, is cleaned up or its worktree is gone", async () => {
  await using g = await equippedGarden({ config: { ports: ["PORT"] } });
  for (const id of ["a", "b", "c"]) await g.add(id, { command: id === "b" ? "exit 1" : work(id), dependsOn: [] });
  await g.execute();
  expect(heldPorts(g.registry)).toHaveLength(3);
  await g.merge({ only: "a" });
  expect(heldPorts(g.registry)).toHaveLength(2);
  await cleanUp(g.orchard, { rescue: true, dryRun: false });
  expect(heldPorts(g.registry)).toEqual([]);
});

test("a port on which a stranger listens by the next attempt is exchanged", async () => {
  await using g = await equippedGarden({ config: { ports: ["PORT"], attempts: 1 } });
  await g.add("a", { command: "exit 1" });
  await g.execute();
  const before = (await g.lane("a")).worktree?.environment?.ports["PORT"] ?? 0;
  const stranger = createServer();
  await new Promise<void>((listening) => stranger.listen({ port: before, host: "127.0.0.1" }, listening));
  try {
    await retryLane(g.orchard, (await g.lane("a")).id, { fresh: false });
    await g.execute();
  } finally {
    stranger.close();
  }
  const after = (await g.lane("a")).worktree?.environment?.ports["PORT"];
  expect([after === before, heldPorts(g.registry)]).toEqual([false, [after]]);
});

test("a .worktreeinclude that is a link is read by nobody", async () => {
  await using g = await equippedGarden({ files: IGNORES });
  rmSync(join(g.repo.path, ".worktreeinclude"), { force: true });
  symlinkSync("/etc/hostname", join(g.repo.path, ".worktreeinclude"));
  await g.add("a", { command: work("a") });
  expect((await g.execute()).failed).toEqual(["a"]);
  expect((await g.lane("a")).failure).toMatchObject({
    cause: "setup-failed",
    reason: expect.stringContaining("symbolic link"),
  });
});

test("tracked files, links that lead out and what is not ignored are left out, and include.log says why", async () => {
  await using g = await equippedGarden({
    files: {
      ...IGNORES,
      "tracked.txt": "landed\n",
      ".worktreeinclude": "*.txt\n*.link\nnode_modules/\n/etc/passwd\n../**\n",
    },
  });
  g.repo.write({ "notes.txt": "not ignored\n", "node_modules/m/i.js": "i\n", "tracked.txt": "edited here\n" });
  for (const [name, target] of [
    ["out.link", "../../etc/passwd"],
    ["abs.link", join(g.repo.path, "tracked.txt")],
    ["in.link", "tracked.txt"],
  ] as const)
    symlinkSync(target, join(g.repo.path, name));
  await g.add("a", { command: work("a") });
  await g.execute();
  const at = (path: string) => contentAt(join(g.worktree("a"), path));
  expect([
    at("node_modules/m/i.js"),
    at("tracked.txt"),
    at("in.link"),
    at("notes.txt"),
    at("out.link"),
    at("abs.link"),
  ]).toEqual(["i\n", "landed\n", "landed\n", undefined, undefined, undefined]);
  const log = readFileSync(join(g.place.orchestrationDir, "logs/a/include.log"), "utf8");
  for (const [path, why] of [
    ["tracked.txt", "it is tracked"],
    ["notes.txt", "git does not ignore it"],
    ["out.link", "it is a link to ../../etc/passwd"],
    ["abs.link", "it is a link to /"],
  ])
    expect(log).toContain(`left out ${path}: ${why}`);
});
