import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanesInOrder } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { foreseePlan, PLAN_FILE, PLAN_REPORT, type PlanOptions, planLanes } from "../../src/index.ts";
import { commits, type Garden, garden } from "../harness.ts";
import { landedResults } from "./results.ts";

const TWO = landedResults({
  notes: { a: { files: ["src/a.ts"], severity: "low" }, b: { files: ["lib/b.ts"], tasks: ["one", "two"] } },
});

const TASKS = `# Tasks

## Layer 1
- [ ] T001 Make the model in src/model.ts
- [x] T002 Done
- [ ] T003 Make the store in src/store.ts

## Layer 2
- [ ] T010 Bring both together in src/a.ts
  Dependencies: T001, T003
`;

test("what the probes found becomes lanes, and the same plan again changes nothing", async () => {
  await using one = await garden({ files: TWO });
  const first = await plan(one);
  expect(first.lanes.map(({ lane, definition }) => [lane, definition.tasks, definition.priority])).toEqual([
    ["notes.b", ["one", "two"], "medium"],
    ["notes.a", ["Mend a"], "low"],
  ]);
  expect((await one.lane("notes.a")).definition).toMatchObject({ files: ["src/a.ts"], planned: { gaps: ["notes.a"] } });
  const [file, report] = [PLAN_FILE, PLAN_REPORT].map((path) => read(one, path));
  const again = await plan(one);
  expect([again.added, again.withdrawn]).toEqual([[], []]);
  expect([PLAN_FILE, PLAN_REPORT].map((path) => read(one, path))).toEqual([file, report]);
  expect(one.repo.git(["status", "--porcelain"])).toBe("");
  expect(await one.tracker()).toMatchObject({ phase: 2, status: "completed" });
});

test("a lane that was added by hand stays, runs first where both touch a file, and keeps its name", async () => {
  await using one = await garden({ files: TWO });
  await one.add("notes.b", { command: "true", files: ["lib"] });
  const { lanes, others } = await plan(one);
  expect(lanes.map(({ lane, definition }) => [lane, definition.dependsOn])).toEqual([
    ["notes.b-2", ["notes.b"]],
    ["notes.a", []],
  ]);
  expect(others.map(({ id }) => id)).toEqual(["notes.b"]);
});

test("a branch or a folder in the way gives the lane another name", async () => {
  await using one = await garden({ files: TWO });
  one.repo.git(["branch", "lane-notes.a"]);
  mkdirSync(one.worktree("notes.b"), { recursive: true });
  expect((await plan(one)).lanes.map(({ lane }) => lane)).toEqual(["notes.b-2", "notes.a-2"]);
});

test("open tasks of specs become lanes of their own, with what gaps touch in order", async () => {
  await using one = await garden({ files: { ...TWO, "specs/001-x/agent-tasks/layered-tasks.md": TASKS } });
  const { lanes } = await plan(one);
  expect(lanes.map(({ lane, definition }) => [lane, definition.spec, definition.tasks, definition.dependsOn])).toEqual([
    ["001-x-t001", "001-x", ["T001"], []],
    ["001-x-t003", "001-x", ["T003"], []],
    ["001-x-t010", "001-x", ["T010"], ["001-x-t001", "001-x-t003"]],
    ["notes.b", undefined, ["one", "two"], []],
    ["notes.a", undefined, ["Mend a"], ["001-x-t010"]],
  ]);
});

test("a newer plan replaces what has not begun; a gap whose lane has landed comes back only when a probe reports it anew", async () => {
  await using one = await garden({
    files: TWO,
    config: { agent: "s", agents: { s: { command: commits({ x: "1" }) } } },
  });
  await plan(one);
  await one.execute({ only: "notes.a" });
  await one.merge();
  const next = await plan(one);
  expect(next.lanes.map(({ lane }) => lane)).toEqual(["notes.b"]);
  expect(next.covered).toBe(1);
  one.repo.commit("found anew", landedResults({ notes: { c: {} } }));
  await one.merge();
  await one.add("more", { command: commits({ y: "1" }) });
  await one.execute({ only: "more" });
  await one.merge();
  const newest = await plan(one);
  expect([newest.added, newest.withdrawn]).toEqual([["notes.c"], ["notes.b"]]);
  expect(lanesInOrder(await one.tracker()).map(({ id }) => id)).toEqual(["notes.a", "more", "notes.c"]);
}, 60_000);

test("a dry run says the same and records nothing", async () => {
  await using one = await garden({ files: TWO });
  const before = (await one.orchard.folded()).seq;
  const foreseen = await foreseePlan(one.orchard);
  expect((await one.orchard.folded()).seq).toBe(before);
  expect(existsSync(join(one.repo.path, PLAN_FILE))).toBe(false);
  expect((await plan(one)).lanes).toEqual(foreseen.lanes);
});

test("a result that is not valid is named and not used; the others are planned", async () => {
  const bad = landedResults({ bad: { a: { files: ["../outside.ts"] }, b: { files: ["/etc/passwd"] } } });
  await using one = await garden({ files: { ...TWO, ...bad, "docs/_generated/report.json": '{"of": "a lane"}' } });
  const { lanes, findings } = await plan(one);
  expect(lanes).toHaveLength(2);
  expect(findings.join("\n")).toMatch(/bad\.json.*gaps\[0\]\.files.*outside/s);
  expect(findings.join("\n")).toMatch(/gaps\[1\]\.files.*absolute/s);
});

test("a link where the plan's folder should be is refused, and nothing is written through it", async () => {
  await using one = await garden();
  const outside = join(one.repo.path, "..", "outside");
  mkdirSync(outside);
  mkdirSync(join(one.repo.path, "docs"));
  symlinkSync(outside, join(one.repo.path, "docs/_generated"));
  await expect(plan(one)).rejects.toThrow(expect.objectContaining({ code: "GENERATED_FOLDER" }));
  expect(existsSync(join(outside, "execution_plan.json"))).toBe(false);
  rmSync(outside, { recursive: true });
});

test("a plan that was edited is not overwritten; taken, its order, its lanes and what they say count", async () => {
  await using one = await garden({
    files: landedResults({ notes: { a: { files: ["a/x"] }, b: { files: ["b/x"] }, c: { files: ["c/x"] } } }),
  });
  await plan(one);
  const file = JSON.parse(read(one, PLAN_FILE)) as { lanes: Record<string, unknown>[] };
  const [a, b] = file.lanes;
  const edited = JSON.stringify({
    ...file,
    lanes: [
      { ...b, priority: "high" },
      { ...a, tasks: ["my own words"] },
    ],
  });
  writeFileSync(join(one.repo.path, PLAN_FILE), edited);
  await expect(plan(one)).rejects.toThrow(expect.objectContaining({ code: "PLAN_EDITED" }));
  expect(read(one, PLAN_FILE)).toBe(edited);
  const taken = await plan(one, { from: { text: edited, source: PLAN_FILE } });
  expect(taken.withdrawn).toEqual(["notes.c"]);
  expect(
    lanesInOrder(await one.tracker()).map(({ id, definition: { tasks, priority, planned } }) => [
      id,
      tasks,
      priority,
      planned,
    ]),
  ).toEqual([
    ["notes.b", ["Mend b"], "high", { gaps: ["notes.b"] }],
    ["notes.a", ["my own words"], "medium", { gaps: ["notes.a"] }],
  ]);
  await plan(one);
  expect(Object.keys((await one.tracker()).lanes)).toContain("notes.c");
});

test("an edited plan that nobody wants is kept beside the new one", async () => {
  await using one = await garden({ files: TWO });
  await plan(one);
  writeFileSync(join(one.repo.path, PLAN_FILE), "{ broken");
  await expect(plan(one)).rejects.toThrow("cannot be read as JSON");
  const { keptAside } = await plan(one, { fresh: true });
  expect(read(one, keptAside ?? "")).toBe("{ broken");
  expect(JSON.parse(read(one, PLAN_FILE))).toMatchObject({ total_lanes: 2, parallel_lanes: 2, sequential_lanes: 0 });
});

test("another plan that is taken keeps the edited one beside it; taking the edited one itself keeps nothing twice", async () => {
  await using one = await garden({ files: TWO });
  await plan(one);
  const written = JSON.parse(read(one, PLAN_FILE)) as { lanes: readonly Record<string, unknown>[] };
  const edited = JSON.stringify({ ...written, lanes: written.lanes.toReversed() });
  writeFileSync(join(one.repo.path, PLAN_FILE), edited);
  const other = JSON.stringify({ lanes: [{ id: "other", tasks: ["x"] }] });
  const { keptAside } = await plan(one, { from: { text: other, source: "other.json" } });
  expect(read(one, keptAside ?? "")).toBe(edited);
  expect(JSON.parse(read(one, PLAN_FILE))).toMatchObject({ lanes: [{ id: "other" }] });
  writeFileSync(join(one.repo.path, PLAN_FILE), edited);
  expect((await plan(one, { from: { text: edited, source: PLAN_FILE } })).keptAside).toBeUndefined();
});

test("what no plan can do is refused whole, with line and field, and nothing changes", async () => {
  await using one = await garden({ files: TWO });
  await one.add("hand", { command: "true" });
  await plan(one);
  const before = await one.tracker();
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [{ lanes: [{ id: "a", tasks: ["x"], command: "rm -rf ." }] }, /lanes\[0\]\.command.*unknown field/],
    [{ lanes: [{ id: "a", tasks: ["x"], agent: "mine" }] }, /agent.*unknown field/],
    [{ lanes: [{ id: "a", tasks: ["x"], verify: ["true"] }] }, /verify.*unknown field/],
    [{ lanes: { a: { tasks: ["x"], priority: 1, env: { A: "1" } } } }, /unknown field env/],
    [{ lanes: [], env: { A: "1" } }, /env.*unknown field/],
    [{ lanes: [{ id: "a", tasks: ["x"], files: ["/etc/passwd"] }] }, /absolute/],
    [{ lanes: [{ id: "../a", tasks: ["x"] }] }, /not a lane id/],
    [{ lanes: [{ id: "a", tasks: [] }] }, /lanes\[0\]\.tasks/],
    [{ lanes: [{ id: "a", tasks: ["x"], dependsOn: ["gone"] }] }, /waits for "gone", which is neither/],
    [
      {
        lanes: [
          { id: "a", tasks: ["x"], dependsOn: ["b"] },
          { id: "b", tasks: ["x"], dependsOn: ["a"] },
        ],
      },
      /a → b → a/,
    ],
    [
      {
        lanes: [
          { id: "a", tasks: ["x"] },
          { id: "a", tasks: ["y"] },
        ],
      },
      /"a" is there twice/,
    ],
    [{ lanes: [{ id: "hand", tasks: ["x"] }] }, /"hand" was added by hand and stays/],
    [{ lanes: { a: { tasks: ["x"], priority: 1 } }, priority_order: ["a", "gone"] }, /"gone" is no lane of this plan/],
    ["{ broken", /invalid JSON/],
    ["[".repeat(100_000), /nested deeper/],
  ];
  for (const [given, message] of refused) {
    const text = typeof given === "string" ? given : JSON.stringify(given);
    const trying = plan(one, { from: { text, source: "plan.json" } });
    await expect(trying, text.slice(0, 80)).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringMatching(message) }),
    );
  }
  expect(await one.tracker()).toEqual({
    ...before,
    driver: expect.anything(),
    epoch: expect.anything(),
    updatedAt: expect.anything(),
  });
});

test("both forms in which plans are found are read", async () => {
  await using one = await garden();
  const list = {
    phase: 3,
    lanes: [{ id: "one", name: "One", tasks: ["do"], parallel: true, priority: "high" }],
    total_lanes: 1,
    parallel_lanes: 1,
    sequential_lanes: 0,
  };
  await plan(one, { from: { text: JSON.stringify(list), source: "seed.json" } });
  expect((await one.lane("one")).definition).toMatchObject({ name: "One", parallel: true, priority: "high" });
  const map = {
    lanes: {
      late: { name: "Late", tasks: ["c"], priority: 3, depends_on: ["first"], estimated_hours: 2 },
      first: { name: "First", tasks: ["a"], parallel: true, priority: 1 },
      second: { tasks: ["b"], priority: 2, dependencies: [] },
    },
    priority_order: ["first", "second"],
  };
  await plan(one, { from: { text: JSON.stringify(map), source: "map.json" } });
  expect(
    lanesInOrder(await one.tracker()).map(({ id, definition }) => [
      id,
      definition.priority,
      definition.parallel,
      definition.dependsOn,
    ]),
  ).toEqual([
    ["first", "high", true, []],
    ["second", "medium", false, []],
    ["late", "low", false, ["first"]],
  ]);
});

function plan(one: Garden, options: PlanOptions = {}) {
  return one.drive((driver) => planLanes(driver, options));
}

function read(one: Garden, path: string): string {
  return readFileSync(join(one.repo.path, path), "utf8");
}

test("what stands in the plan's place and is no file is not read, and stays until a plan is wanted anew", async () => {
  await using one = await garden({ files: { "src/a.ts": "" } });
  mkdirSync(join(one.repo.path, "docs/_generated"), { recursive: true });
  for (const target of ["/dev/zero", "pipe"]) {
    if (target === "pipe") execFileSync("mkfifo", [join(one.repo.path, "docs/_generated/pipe")]);
    symlinkSync(target, join(one.repo.path, PLAN_FILE));
    await expect(plan(one)).rejects.toMatchObject({
      code: "PLAN_EDITED",
      message: expect.stringContaining("is no file"),
    });
    expect((await plan(one, { fresh: true })).keptAside).toMatch(/edited_plan-\d\.json$/);
    rmSync(join(one.repo.path, PLAN_FILE));
  }
});
