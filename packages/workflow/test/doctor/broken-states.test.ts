import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { livenessOf, ownIdentity, readIdentity } from "@orchard/host";
import { gitRepo, startNode, until } from "@orchard/testkit";
import { happened } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { checkProcesses } from "../../src/doctor/checks/check-processes.ts";
import { type Examination, examine, executeLanes, findPlace, initialiseRepository, record } from "../../src/index.ts";
import { grown } from "../grown.ts";
import { commits, type Garden, garden, waitsFor } from "../harness.ts";
import { testPorts } from "../ports.ts";

const look = (g: Garden) => examine(g.place, testPorts(), { repair: false, by: "test" });
const mend = (g: Garden) => examine(g.place, testPorts(), { repair: true, by: "test" });
const codes = ({ findings }: Examination) =>
  findings.filter(({ severity }) => severity !== "info").map(({ code }) => code);

test("a healthy repository gets a clean bill, before, in the middle of and after work; looking changes nothing", async () => {
  await using g = await garden();
  expect(await look(g)).toMatchObject({ isHealthy: true });
  await grown(g, "a", { "a.txt": "1" });
  await g.orchard.store.refreshViews();
  const before = g.repo.git(["for-each-ref"]);
  const { seq } = await g.orchard.folded();
  expect(codes(await look(g))).toEqual([]);
  await g.merge();
  await g.orchard.store.refreshViews();
  expect(codes(await look(g))).toEqual([]);
  expect(codes(await mend(g))).toEqual([]);
  expect(before).not.toBe("");
  expect(seq).toBeGreaterThan(0);
});

test("a journal with a changed byte: doctor names it, --repair mends it and puts the damaged file aside, on record", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await g.orchard.store.refreshViews();
  flip(g, '"seq":3,');
  await g.reopen();
  await expect(g.merge()).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  const seen = await look(g);
  expect(codes(seen)).toEqual(["journal-damaged"]);
  expect(seen.findings[0]?.sentence).toContain("Nothing is lost");
  const mended = await mend(g);
  expect(mended.isHealthy).toBe(true);
  expect(mended.findings[0]?.repaired?.putAside?.[0]).toMatch(/000000000001\.ndjson\.corrupt-/);
  expect(codes(await look(g))).toEqual([]);
  await g.reopen();
  const facts = [];
  for await (const { facts: some } of g.orchard.store.history()) facts.push(...some);
  expect(facts.filter(({ type }) => type === "repaired")).toMatchObject([{ code: "journal-damaged" }]);
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a" }] });
});

test("records that cannot be had again are named by number, and the rest goes on", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await record(g.orchard, "a word that is lost", () =>
    happened({ type: "phase-changed", phase: 3, status: "running" }),
  );
  await grown(g, "b", { "b.txt": "1" });
  await g.orchard.store.refreshViews();
  const path = segmentOf(g);
  const bytes = readFileSync(path);
  const at = bytes.indexOf('"phase-changed"');
  bytes.fill(0x20, at - 30, at + 10);
  writeFileSync(path, bytes);
  const { findings } = await mend(g);
  expect(findings[0]?.repaired?.did).toMatch(/Lost: record \d+ .*"a word that is lost"/);
  await g.reopen();
  expect(Object.keys((await g.tracker()).lanes)).toEqual(["a", "b"]);
  expect(codes(await look(g))).toEqual([]);
});

test("an emptied journal: what nothing proves is named, and init sets up anew on top", async () => {
  await using g = await garden();
  await g.orchard.store.refreshViews();
  await g.orchard[Symbol.asyncDispose]();
  writeFileSync(segmentOf(g), "");
  const { findings, isHealthy } = await mend(g);
  expect(isHealthy).toBe(false);
  expect(findings.map(({ code }) => code)).toEqual(["journal-damaged", "not-set-up"]);
  await initialiseRepository(g.place, testPorts(), { by: "test" });
  expect(codes(await look(g))).toEqual([]);
  await g.reopen();
});

test("views that were edited, truncated or removed are kept aside and written anew", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await g.orchard[Symbol.asyncDispose]();
  for (const content of ['{"lanes": {}}', readFileSync(g.place.trackerFile, "utf8").slice(0, 300)]) {
    writeFileSync(g.place.trackerFile, content);
    expect(codes(await look(g))).toEqual(["view-changed"]);
    expect(readFileSync(g.place.trackerFile, "utf8")).toBe(content);
    const { findings, isHealthy } = await mend(g);
    expect(isHealthy).toBe(true);
    const [copy = ""] = findings[0]?.repaired?.putAside ?? [];
    expect(readFileSync(copy, "utf8")).toBe(content);
    expect(JSON.parse(readFileSync(g.place.trackerFile, "utf8")).lanes.a).toBeDefined();
  }
  rmSync(g.place.orchestrationDir, { recursive: true });
  expect(codes(await look(g))).toEqual(["view-missing"]);
  await mend(g);
  expect(existsSync(g.place.trackerFile)).toBe(true);
  await g.reopen();
});

test("a removed worktree: what its registration leads to is pinned, its place is free, and the lane can go on", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  const staged = join(g.worktree("a"), "staged.txt");
  writeFileSync(staged, "staged\n");
  g.repo.git(["add", "staged.txt"], { cwd: g.worktree("a") });
  const blob = g.repo.git(["hash-object", staged]);
  await g.orchard.store.refreshViews();
  rmSync(g.worktree("a"), { recursive: true });
  expect(codes(await look(g))).toEqual(["worktree-gone"]);
  const { isHealthy, findings } = await mend(g);
  expect({ isHealthy, findings }).toMatchObject({ isHealthy: true });
  expect(g.repo.git(["ls-tree", "-r", "refs/orch/rescue/a/1"])).toContain(blob);
  expect((await g.lane("a")).worktree).toBeUndefined();
  expect(g.repo.git(["worktree", "list"])).not.toContain("agent-a");
  expect(codes(await look(g))).toEqual([]);
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a" }] });
});

test("a worktree that was moved beside its place is moved back", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await g.orchard.store.refreshViews();
  renameSync(g.worktree("a"), join(g.place.worktreesDir, "my copy"));
  expect(codes(await look(g))).toEqual(["worktree-moved"]);
  expect(await mend(g)).toMatchObject({ isHealthy: true });
  expect(g.repo.git(["status", "--porcelain"], { cwd: g.worktree("a") })).toBe("");
  expect(codes(await look(g))).toEqual([]);
});

test("a worktree that lost its .git file is set aside whole, and its lane can go on", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await g.orchard.store.refreshViews();
  rmSync(join(g.worktree("a"), ".git"));
  writeFileSync(join(g.worktree("a"), "mine.txt"), "mine\n");
  expect(codes(await look(g))).toEqual(["worktree-tampered"]);
  const { isHealthy, findings } = await mend(g);
  expect(isHealthy).toBe(true);
  const [trash = ""] = findings.flatMap(({ repaired }) => repaired?.putAside ?? []);
  expect(readFileSync(join(trash, "tree/mine.txt"), "utf8")).toBe("mine\n");
  expect(g.repo.git(["for-each-ref", "--format=%(refname)", "refs/orch/rescue"])).toBe("refs/orch/rescue/a/1");
  expect(codes(await look(g))).toEqual([]);
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a" }] });
});

test("a worktree with a link for its .git file is told, and left as it is", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await g.merge();
  await g.orchard.store.refreshViews();
  rmSync(join(g.worktree("a"), ".git"));
  symlinkSync("/elsewhere", join(g.worktree("a"), ".git"));
  const mended = await mend(g);
  expect(codes(mended)).toEqual(["worktree-tampered"]);
  expect(mended).toMatchObject({
    isHealthy: false,
    findings: expect.arrayContaining([expect.objectContaining({ repairable: false })]),
  });
  expect(readlinkSync(join(g.worktree("a"), ".git"))).toBe("/elsewhere");
  const told = mended.findings.find(({ code }) => code === "worktree-tampered")?.todo;
  expect(told).toMatch(/Move the folder.*orch doctor --repair; its work has landed$/);
});

test("a repository that was moved: worktrees and records follow; one that was copied is told", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await g.orchard.store.refreshViews();
  await g.orchard[Symbol.asyncDispose]();
  const moved = `${g.repo.path} moved`;
  renameSync(g.repo.path, moved);
  try {
    const place = findPlace(moved);
    const there = { place } as Garden;
    expect(codes(await look(there))).toContain("repository-moved");
    expect(await mend(there)).toMatchObject({ isHealthy: true });
    expect(codes(await look(there))).toEqual([]);
    expect(g.repo.git(["status", "--porcelain"], { cwd: join(moved, ".worktrees", "agent-a") })).toBe("");
    mkdirSync(join(g.repo.path, ".git"), { recursive: true });
  } finally {
    rmSync(g.repo.path, { recursive: true, force: true });
    renameSync(moved, g.repo.path);
  }
  // Back where it was, for the records as for a stranger it was moved once more.
  await g.reopen();
  expect(await mend(g)).toMatchObject({ isHealthy: true });
});

test("a worktree that was half made, a removal and a lock that were cut off by kill -9 are put in order", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await g.orchard.store.refreshViews();
  const dead = await deadProcess();
  const { stateDir } = g.place;
  mkdirSync(join(stateDir, "adding"), { recursive: true });
  const half = join(realpathSync(g.place.worktreesDir), "agent-half");
  mkdirSync(half);
  writeFileSync(join(half, "some.txt"), "half\n");
  const intent = { token: "t1", path: half, reason: "orchard lane half", owner: dead };
  writeFileSync(join(stateDir, "adding", "t1.json"), JSON.stringify(intent));
  const lock = join(stateDir, "locks", "worktrees.lock");
  await holdAndDie(lock);
  const seen = codes(await look(g));
  expect(seen).toContain("worktree-half-made");
  expect(seen).toContain("lock-stale");
  expect(existsSync(half)).toBe(true);
  expect(await mend(g)).toMatchObject({ isHealthy: true });
  expect(existsSync(half)).toBe(false);
  expect(readdirSync(join(stateDir, "trash")).some((name) => name.startsWith(".half-made-agent-half"))).toBe(true);
  expect(codes(await look(g))).toEqual([]);
});

test("a set-aside worktree whose record was never written is recorded; the lock of a killed git goes", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await grown(g, "b", { "b.txt": "1" });
  await g.orchard.store.refreshViews();
  const gitDir = g.repo.git(["rev-parse", "--absolute-git-dir"], { cwd: g.worktree("b") });
  writeFileSync(join(gitDir, "index.lock"), "");
  const old = new Date(Date.now() - 60_000);
  utimesSync(join(gitDir, "index.lock"), old, old);
  const { verifyRemovable, removeWorktree } = await import("@orchard/worktree-git");
  const repository = await g.orchard.repository();
  const checked = await verifyRemovable(repository, { path: g.worktree("a"), recordedRoot: g.place.worktreesDir });
  if (checked.kind === "refused") throw new Error("it should be removable");
  await removeWorktree(repository, checked.worktree, { name: "a" });
  expect(codes(await look(g))).toEqual(["worktree-gone", "index-lock-left"]);
  expect(await mend(g)).toMatchObject({ isHealthy: true });
  expect((await g.lane("a")).setAside).toMatchObject({ number: 1 });
  expect(existsSync(join(gitDir, "index.lock"))).toBe(false);
  expect(codes(await look(g))).toEqual([]);
});

test("processes of an attempt that is over are ended; those of a live one, and of strangers, are left alone", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await g.orchard.store.refreshViews();
  const [{ token = "" } = {}] = (await g.lane("a")).attempts;
  for (const each of ["gone-attempt", token]) mkdirSync(join(g.place.attemptsDir, each), { recursive: true });
  const orphan = await sleeper({ ORCH_ATTEMPT: "gone-attempt" });
  const supervisor = await sleeper({ ORCH_SUPERVISES: join(g.place.attemptsDir, "gone-attempt") });
  const stranger = await sleeper({ ORCH_ATTEMPT: "of-another-repository" });
  try {
    expect(codes(await look(g))).toEqual(["process-orphaned"]);
    expect(await mend(g)).toMatchObject({ isHealthy: true });
    for (const gone of [orphan, supervisor]) {
      await until("the orphan is gone", () => gone.exitCode !== null || gone.signalCode !== null);
    }
    expect(stranger.exitCode ?? stranger.signalCode).toBe(null);
  } finally {
    orphan.kill("SIGKILL");
    supervisor.kill("SIGKILL");
    stranger.kill("SIGKILL");
  }
});

test("an attempt that begins while doctor looks is at work, also for the repair of what was seen before", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  const { id } = await g.lane("a");
  mkdirSync(join(g.place.attemptsDir, "young"), { recursive: true });
  const agent = await sleeper({ ORCH_ATTEMPT: "young" });
  const { state } = await g.orchard.folded();
  const patient = { orchard: g.orchard, repository: await g.orchard.repository(), state, isDriven: false };
  const orphans = async () => (await checkProcesses.look(patient)).filter(({ code }) => code === "process-orphaned");
  try {
    const [seen] = await orphans();
    await record(g.orchard, "it begins", () =>
      happened(
        { type: "retry-requested", lane: id, fresh: false, attempts: 1 },
        { type: "attempt-intended", lane: id, token: "young", number: 2, agent: "x" },
      ),
    );
    expect(await orphans()).toEqual([]);
    expect(await seen?.repair?.()).toEqual({ did: expect.stringContaining("is at work") });
    expect(agent.exitCode ?? agent.signalCode).toBe(null);
    await record(g.orchard, "the attempt is given up", () =>
      happened(
        { type: "attempt-abandoned", lane: id, token: "young", reason: "test" },
        { type: "lane-stopped", lane: id, reason: "test" },
      ),
    );
    expect(await orphans()).toHaveLength(1);
  } finally {
    agent.kill("SIGKILL");
  }
});

test("an agent whose supervisor was killed is told, with the command that adopts it, and is left at work", async () => {
  await using g = await garden();
  const go = join(g.place.stateDir, "go");
  await g.add("a", { command: ["sh", "-c", `${waitsFor(go)}; ${commits({ "a.txt": "1" })}`] });
  const interrupt = new AbortController();
  const driving = g.drive((driver) => executeLanes(driver, { maxParallel: 1, agent: undefined }), interrupt.signal);
  const supervisor = await until("it runs", async () => {
    const lane = await g.lane("a");
    return lane.state === "running" ? lane.attempts.at(-1)?.supervisor : undefined;
  });
  interrupt.abort();
  await driving.catch(() => undefined);
  expect((await look(g)).findings.map(({ code }) => code)).toContain("work-without-driver");
  process.kill(supervisor.pid, "SIGKILL");
  await until("it is dead", () => livenessOf(supervisor) === "dead");
  const { findings } = await mend(g);
  expect(findings.map(({ code }) => code)).toEqual(expect.arrayContaining(["work-interrupted", "agent-unwatched"]));
  expect(findings.some(({ repaired }) => repaired !== undefined)).toBe(false);
  writeFileSync(go, "");
  expect(await g.execute()).toMatchObject({ completed: ["a"] });
  expect(codes(await look(g))).toEqual([]);
});

test("work that was interrupted names the command that goes on", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  const { id } = await g.lane("a");
  const dead = await deadProcess();
  await record(g.orchard, "a driver that dies", () =>
    happened(
      { type: "driver-started", epoch: 1, identity: dead, command: "orch execute" },
      { type: "retry-requested", lane: id, fresh: false, attempts: 1 },
      { type: "attempt-intended", lane: id, token: "t", number: 2, agent: "x" },
    ),
  );
  await g.orchard.store.refreshViews();
  const { findings, isHealthy } = await mend(g);
  expect(isHealthy).toBe(false);
  expect(findings.find(({ code }) => code === "work-interrupted")).toMatchObject({
    todo: expect.stringContaining("orch resume"),
    repairable: false,
  });
  await record(g.orchard, "the attempt is given up", () =>
    happened(
      { type: "attempt-abandoned", lane: id, token: "t", reason: "test" },
      { type: "lane-stopped", lane: id, reason: "test" },
    ),
  );
});

test("a landed ref that was moved or deleted goes back to what is on record; a base with commits of its own is told", async () => {
  await using g = await garden();
  const first = g.at("main");
  await grown(g, "a", { "a.txt": "1" });
  await g.merge();
  const landed = g.at("refs/orch/landed/main");
  const ref = "refs/orch/landed/main";
  g.repo.git(["update-ref", ref, first]);
  expect(codes(await look(g))).toContain("landed-moved");
  await mend(g);
  expect(g.at(ref)).toBe(landed);
  g.repo.git(["update-ref", "-d", ref]);
  expect(codes(await look(g))).toContain("landed-missing");
  await mend(g);
  expect(g.at(ref)).toBe(landed);
  g.repo.git(["reset", "-q", "--hard", first]);
  g.repo.commit("of its own", { "own.txt": "1" });
  expect(codes(await look(g))).toEqual(["base-diverged"]);
});

test("missing excludes are added again, stray files go, unaccepted settings are told", async () => {
  await using g = await garden();
  await g.orchard.store.refreshViews();
  const exclude = join(g.repo.path, ".git", "info", "exclude");
  writeFileSync(exclude, "/mine/\n");
  const stray = join(g.place.stateDir, "folds", "000000000009.json.0123456789abcdef.tmp");
  const unfinished = join(g.repo.path, "docs/_generated/execution_plan.json.0123456789abcdef.tmp");
  const old = new Date(Date.now() - 2 * 3_600_000);
  const strays = [
    stray,
    unfinished,
    join(g.place.stateDir, "progress-photos.lock.taker-0123456789abcdef"),
    join(g.place.orchestrationDir, "tracker.lock.taker-0123456789abcdef"),
    join(g.place.stateDir, "comparing", "known.json.0123456789abcdef.tmp"),
  ];
  for (const path of strays) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "half");
    utimesSync(path, old, old);
  }
  g.repo.write({ "orch.config.jsonc": '{ "verify": ["make test"] }' });
  expect(codes(await look(g))).toEqual(["exclude-missing", "setting-not-accepted", "leftovers"]);
  const { findings, isHealthy } = await mend(g);
  expect(isHealthy).toBe(false);
  expect(findings.filter(({ repaired }) => repaired !== undefined).map(({ code }) => code)).toEqual([
    "exclude-missing",
    "leftovers",
  ]);
  expect(strays.filter((path) => existsSync(path))).toEqual([]);
  expect(g.repo.git(["status", "--porcelain"])).not.toContain("docs");
  expect(readFileSync(exclude, "utf8")).toMatch(/^\/mine\/\n(.*\n)*\/\.orchestration\/\n/);
  g.repo.write({ "orch.config.jsonc": "{ half" });
  expect(codes(await look(g))).toEqual(["config-invalid"]);
});

test("a repository that is not set up is refused by name", async () => {
  using repo = gitRepo();
  const place = findPlace(repo.path);
  await expect(examine(place, testPorts(), { repair: false, by: "test" })).rejects.toMatchObject({
    code: "NOT_INITIALISED",
  });
});

function segmentOf({ place }: Garden): string {
  return join(place.stateDir, "journal", "000000000001.ndjson");
}

function flip(g: Garden, mark: string): void {
  const bytes = readFileSync(segmentOf(g));
  const at = bytes.indexOf(mark) + 60;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(segmentOf(g), bytes);
}

/** The identity of a process that was there and is not any more. */
async function deadProcess() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const identity = await until("it can be told apart", () => readIdentity(child.pid ?? 0));
  child.kill("SIGKILL");
  await until("it is dead", () => livenessOf(identity) === "dead");
  return { ...ownIdentity(), ...identity };
}

/** A real holder of a lock, killed while it holds it. */
async function holdAndDie(lock: string): Promise<void> {
  const script = join(import.meta.dirname, "lock-holder.ts");
  const holder = startNode(script, [lock]);
  await until("it holds the lock", () => holder.stdout().includes("held"));
  holder.child.kill("SIGKILL");
  await holder.ended;
}

async function sleeper(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", "console.log('up'); setInterval(() => {}, 1000)"], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let isUp = false;
  child.stdout?.once("data", () => (isUp = true));
  await until("it runs", () => isUp);
  return child;
}
