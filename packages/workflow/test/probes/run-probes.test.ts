import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import { startNode, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import {
  acceptConfig,
  type Probed,
  type ProbeOptions,
  readConfig,
  readProbeResults,
  runProbes,
} from "../../src/index.ts";
import { type Garden, garden } from "../harness.ts";

const FILES = {
  "src/a.js": "export function a() {\n  return 1; // TODO: two\n}\n",
  "test/b.test.js": "test('nothing', () => {});\n",
  "specs/001-x/agent-tasks/layered-tasks.md": "- [ ] T001 make it\n",
  ".gitignore": "docs/\n",
};

/** Each costs seconds; the others try the same walk. */
const long = test.runIf(process.env["ORCHARD_LONG"] === "1");

test("each built-in probe lands what it found, as a lane like any other, and a second run makes the same bytes", async () => {
  await using here = await garden({ files: FILES });
  const first = await probe(here);
  expect(first.probes.map(({ probe: name, kind }) => `${name} ${kind}`)).toEqual([
    "project done",
    "todo done",
    "untested done",
    "open-tasks done",
    "docs done",
  ]);
  expect(first.reading.findings).toEqual([]);
  const gaps = first.reading.results.flatMap((result) => result.gaps);
  expect(gaps.find(({ spec }) => spec !== undefined)?.tasks).toEqual(["T001"]);
  expect(gaps.find(({ title }) => title === "TODO: two")?.files).toEqual(["src/a.js"]);
  const tracker = await here.tracker();
  expect({ phase: tracker.phase, status: tracker.status }).toEqual({ phase: 1, status: "completed" });
  const lane = await here.lane("probe-todo");
  expect(lane.definition.tasks).toEqual(["Execute probe todo"]);
  expect(lane.work?.results).toEqual(["todo.json", "todo.md"]);
  expect(here.repo.git(["status", "--porcelain"])).toBe("");
  const committed = here.repo.git(["show", "main:docs/_generated/todo.json"]);
  expect(committed).not.toContain(here.repo.path);

  await probe(here, ["todo"]);
  expect((await readProbeResults(here.orchard)).results).toEqual(first.reading.results);
  expect(here.repo.git(["show", "main:docs/_generated/todo.json"])).toBe(committed);
  expect((await here.lane("probe-todo")).attempts).toHaveLength(2);
});

test("a run whose old worktree somebody stands in is refused before its lane is touched", async () => {
  await using here = await garden({ files: FILES });
  await probe(here, ["todo"]);
  const before = await here.lane("probe-todo");
  const sleeper = join(here.place.stateDir, "sleeper.ts");
  writeFileSync(sleeper, "console.log('here'); setInterval(() => undefined, 1000);");
  const inside = startNode(sleeper, [], { cwd: here.worktree("probe-todo") });
  await until("somebody stands in it", () => inside.stdout() !== "");
  try {
    await expect(probe(here, ["todo"])).rejects.toMatchObject({
      code: "PROBE_OCCUPIED",
      message: expect.stringContaining(`process ${inside.pid} works in it`),
    });
    expect(await here.lane("probe-todo")).toEqual(before);
  } finally {
    inside.child.kill("SIGKILL");
    await inside.ended;
  }
  expect((await probe(here, ["todo"])).probes).toMatchObject([{ kind: "done" }]);
});

long("a second run looks at the newer base, and replaces what is no longer true", async () => {
  await using here = await garden({ files: FILES });
  expect(found(await probe(here, ["todo"]))).toEqual(["TODO: two"]);
  here.repo.write({ "src/a.js": "export const a = 1;\n", "src/b.js": "// FIXME: new\n" });
  here.repo.commit("more");
  here.repo.write({ "src/c.js": "// TODO: not committed\n" });
  expect(found(await probe(here, ["todo"]))).toEqual(["FIXME: new"]);
});

test("a result with the line ends of another system counts, also where git commits it with its own", async () => {
  const command = `printf '{"probe": "crlf",\\r\\n"gaps": []}\\r\\n' > "$ORCH_PROBE_RESULT"`;
  await using here = await garden({
    files: { ".gitattributes": "* text=auto\n" },
    config: { probes: { crlf: command } },
  });
  expect((await probe(here, ["crlf"])).probes).toMatchObject([{ probe: "crlf", kind: "done" }]);
  expect(here.repo.git(["show", "main:docs/_generated/crlf.json"])).toBe('{"probe": "crlf",\n"gaps": []}');
});

const WRITE = 'cat > "$ORCH_PROBE_RESULT"';
const BAD: Readonly<Record<string, readonly [command: string, cause: string, why: string]>> = {
  fails: ["echo broken >&2; exit 3", "agent-failed", "broken"],
  nothing: ["true", "no-result", "ended without writing docs/_generated/nothing.json"],
  invalid: [`echo '{"probe": "invalid", "gaps": [' | ${WRITE}`, "bad-result", "invalid JSON"],
  huge: ['head -c 100000000 /dev/zero > "$ORCH_PROBE_RESULT"', "bad-result", "100000000 bytes"],
  link: ['ln -s /etc/hostname "$ORCH_PROBE_RESULT"', "bad-result", "no plain file"],
  elsewhere: [
    `rm -rf docs; mkdir -p ../elsewhere/_generated; ln -s ../elsewhere docs; ${write("elsewhere")}`,
    "bad-result",
    "docs is a link",
  ],
  thief: [
    `echo '{"probe": "thief", "gaps": [{"id": "todo.x", "title": "x"}]}' | ${WRITE}`,
    "bad-result",
    'a gap of "todo"',
  ],
  other: [`echo '{"probe": "todo", "gaps": []}' | ${WRITE}`, "bad-result", 'the result of "todo"'],
  writer: [
    `echo '{"probe": "writer", "gaps": []}' | ${WRITE}; echo x > README.md; echo y > docs/_generated/todo.json`,
    "other-files",
    "README.md",
  ],
  committer: [
    `echo '{"probe": "committer", "gaps": []}' | ${WRITE}; echo x > new.txt; git add -A; git commit -qm x`,
    "other-files",
    "new.txt",
  ],
  commander: [
    `echo '{"probe": "commander", "gaps": [{"id": "commander.x", "title": "x", "command": "touch pwned"}]}' | ${WRITE}`,
    "bad-result",
    '"gaps[0].command": unknown field',
  ],
};

test("a probe that breaks its word fails with why, lands nothing, and keeps no other from landing", async () => {
  const probes = Object.fromEntries(Object.entries(BAD).map(([name, [command]]) => [name, command]));
  const empty = `echo '{"probe": "empty", "gaps": []}' | ${WRITE}`;
  await using here = await garden({ config: { attempts: 1, probes: { ...probes, empty } } });
  const { probes: outcomes, reading } = await probe(here, [...Object.keys(BAD), "empty"]);
  for (const [name, [, cause, why]] of Object.entries(BAD)) {
    const { state, failure } = await here.lane(`probe-${name}`);
    expect({ name, state, cause: failure?.cause }).toEqual({ name, state: "failed", cause });
    expect(failure?.reason).toContain(why);
    expect(outcomes.find((each) => each.probe === name)?.kind).toBe("failed");
  }
  expect(outcomes.at(-1)).toEqual({ probe: "empty", kind: "done", gaps: 0 });
  expect(reading.results.map(({ probe: name }) => name)).toEqual(["empty"]);
  expect(here.repo.git(["ls-tree", "-r", "--name-only", "main", "docs"]).split("\n")).toEqual([
    "docs/_generated/empty.json",
    "docs/_generated/empty.md",
  ]);
  expect((await here.tracker()).status).toBe("failed");
  expect(readdirSync(join(here.repo.path, ".worktrees/elsewhere/_generated"))).toEqual(["elsewhere.json"]);
});

test("a probe that hangs is ended by the limits of any lane", async () => {
  await using here = await garden({ config: { attempts: 1, limits: { total: "1s" }, probes: { hangs: "sleep 600" } } });
  const { probes } = await probe(here, ["hangs"]);
  expect(probes).toMatchObject([{ probe: "hangs", kind: "failed", reason: expect.stringContaining("out of time") }]);
});

long("the result of a run before does not pass for one of this run", async () => {
  const once = `[ -e ../once ] || { touch ../once; echo '{"probe": "lazy", "gaps": []}' | ${WRITE}; }`;
  await using here = await garden({
    config: { attempts: 1, probes: { lazy: once } },
  });
  expect((await probe(here, ["lazy"])).probes).toMatchObject([{ kind: "done" }]);
  expect((await probe(here, ["lazy"])).probes).toMatchObject([{ kind: "failed" }]);
  expect((await readProbeResults(here.orchard)).results).toHaveLength(1);
});

test("a command in the configuration runs only once it was accepted; a built-in probe can be replaced or switched off", async () => {
  await using here = await garden();
  const probes = { todo: `echo '{"probe": "todo", "gaps": []}' | ${WRITE}; touch "$ORCH_REPO/ran"`, docs: false };
  here.repo.write({ "orch.config.jsonc": JSON.stringify({ limits: { freeDisk: "1MB", freeMemory: "1MB" }, probes }) });
  here.repo.commit("probes");
  await here.reopen();
  await probe(here, ["todo"]);
  expect(existsSync(join(here.repo.path, "ran"))).toBe(false);
  await acceptConfig(here.place, await readConfig(here.place));
  await here.reopen();
  await probe(here, ["todo"]);
  expect(existsSync(join(here.repo.path, "ran"))).toBe(true);
  await expect(probe(here, ["docs"])).rejects.toThrow("switched off");
  await expect(probe(here, ["tdo"])).rejects.toMatchObject({
    code: "UNKNOWN_PROBE",
    hint: expect.stringContaining("todo"),
  });
});

test("an agent that probes is told the form of its answer, and its report is made from that", async () => {
  const agent = `cat > ../prompt; echo '{"probe": "deep", "gaps": [{"id": "deep.a", "title": "A <b>|gap"}]}' | ${WRITE}`;
  const config = {
    agents: { looker: { command: agent } },
    probes: { deep: { prompt: "Look for holes.", agent: "looker" } },
  };
  await using here = await garden({ config });
  expect(found(await probe(here, ["deep"]))).toEqual(["A <b>|gap"]);
  const prompt = here.repo.read(".worktrees/prompt");
  expect(prompt).toContain("Look for holes.");
  expect(prompt).toContain('"$schema": "https://json-schema.org');
  expect(here.repo.git(["show", "main:docs/_generated/deep.md"])).toContain("A \\<b\\>\\|gap");
});

test("a link where the results belong is never written through", async () => {
  await using here = await garden();
  here.repo.git(["config", "core.symlinks", "true"]);
  const outside = join(here.repo.path, "..", "outside");
  here.repo.git([
    "update-index",
    "--add",
    "--cacheinfo",
    `120000,${here.repo.git(["hash-object", "-w", "README.md"])},docs`,
  ]);
  here.repo.git(["commit", "-qm", "link"]);
  here.repo.git(["checkout", "-q", "--", "docs"]);
  const { probes } = await probe(here, ["todo"]);
  expect(probes).toMatchObject([{ kind: "failed", reason: expect.stringContaining("is a link") }]);
  expect(existsSync(outside)).toBe(false);
});

test("results are tested together with the tree they land in, once; a red one leaves the base as it was", async () => {
  const probes = { fine: write("fine"), good: write("good"), spoils: write("spoils") };
  const verify = ['echo . >> "$ORCH_REPO/../runs"; test ! -e docs/_generated/spoils.json'];
  await using here = await garden({ config: { attempts: 1, verify, probes } });
  await probe(here, ["fine", "good"]);
  const base = 1;
  const together = 1;
  expect(here.repo.read("../runs").split("\n").filter(Boolean)).toHaveLength(base + together);
  const { probes: outcomes } = await probe(here, ["fine", "spoils"]);
  expect(outcomes).toMatchObject([{ kind: "done" }, { probe: "spoils", kind: "not landed" }]);
  expect(here.repo.git(["ls-tree", "--name-only", "main", "docs/_generated/"])).not.toContain("spoils");
});

long("what another lane writes beside the results is no result, and a circle over results is told", async () => {
  const circle = (name: string, other: string) =>
    `echo '{"probe": "${name}", "gaps": [{"id": "${name}.x", "title": "x", "dependsOn": ["${other}.x"]}]}' | ${WRITE}`;
  await using here = await garden({ config: { probes: { one: circle("one", "two"), two: circle("two", "one") } } });
  here.repo.write({
    "docs/_generated/report.json": '{"anything": 1}',
    "docs/_generated/todo.json": "not json",
    "docs/_generated/foreign.json":
      '{"probe": "foreign", "gaps": [{"id": "foreign.x", "title": "x", "files": ["/x"]}]}',
  });
  here.repo.commit("reports");
  const { reading } = await probe(here, ["one", "two"]);
  expect(reading.results).toEqual([]);
  expect(reading.findings.map(({ file }) => file)).toEqual([
    "docs/_generated/foreign.json",
    "docs/_generated/todo.json",
    "docs/_generated/one.json",
    "docs/_generated/two.json",
  ]);
  expect(reading.findings.at(-1)?.message).toContain("one.x → two.x → one.x");
});

long("a lane that somebody else called like a probe's is not taken", async () => {
  await using here = await garden();
  await here.add("probe-todo", { command: "true", noChange: true });
  const error = await probe(here, ["todo"]).catch((fault: unknown) => fault);
  expect(isOrchardError(error, "LANE_EXISTS")).toBe(true);
});

function probe(here: Garden, names: readonly string[] = [], options: Partial<ProbeOptions> = {}): Promise<Probed> {
  return here.drive((driver) => runProbes(driver, { names, maxParallel: 4, ...options }));
}

function write(name: string): string {
  return `echo '{"probe": "${name}", "gaps": []}' | ${WRITE}`;
}

function found({ reading }: Probed): readonly string[] {
  return reading.results.flatMap(({ gaps }) => gaps.map(({ title }) => title));
}
