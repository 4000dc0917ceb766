import { expect, test } from "vitest";
import { noteSighting, type Sighting } from "../../../src/index.ts";
import { after, defined, done, recordOf, SPEC, task } from "../../task-builders.ts";

const REF = "refs/heads/w1";
const before = after([defined([task("T1"), task("T2")]), ...done("T1")]);
const lost = after([{ type: "work-lost", spec: SPEC, task: "T1", commit: "c-T1" }], before);
const landed = after([{ type: "work-landed", spec: SPEC, task: "T1", commit: "m" }], before);
const name = { spec: SPEC, task: "T1", commit: "c-T1" };
const stale = { ...name, commit: "older" };

test.each([
  ["another commit took its place", before, [{ ...name, kind: "replaced", by: "d" }], ["work-replaced"]],
  ["what replaces an older one says nothing", before, [{ ...stale, kind: "replaced", by: "d" }], []],
  ["it is gone", before, [{ ...name, kind: "lost" }], ["work-lost"]],
  ["gone twice is gone once", lost, [{ ...name, kind: "lost" }], []],
  ["it is back", lost, [{ ...name, kind: "found" }], ["work-found"]],
  ["it was never away", before, [{ ...name, kind: "found" }], []],
  ["it is in the base", before, [{ ...name, kind: "landed", in: "m" }], ["work-landed"]],
  ["landed twice is landed once", landed, [{ ...name, kind: "landed", in: "n" }], []],
  ["an older commit in the base says nothing", before, [{ ...stale, kind: "landed", in: "m" }], []],
  [
    "it landed as the commit of a squash",
    before,
    [
      { ...name, kind: "replaced", by: "s" },
      { ...name, commit: "s", kind: "landed", in: "s" },
    ],
    ["work-replaced", "work-landed"],
  ],
  ["the base took it back", before, [{ ...name, kind: "reverted", by: "r" }], ["pr-changed"]],
  ["work of a task that has none", before, [{ ...name, task: "T2", kind: "lost" }], []],
] as const)("%s", (_name, progress, works, facts) => {
  const sighting: Sighting = { tips: {}, works };
  expect(noteSighting(progress, sighting).facts.map(({ type }) => type)).toEqual(facts);
});

test("tips are recorded when they moved, and forgotten when their branch is gone", () => {
  const seen = after(noteSighting(before, { tips: { [REF]: "a", other: "b" }, works: [] }).facts, before);
  expect(seen.tips).toEqual({ [REF]: "a", other: "b" });
  expect(noteSighting(seen, { tips: { [REF]: "a" }, works: [] }).facts).toEqual([]);
  expect(after(noteSighting(seen, { tips: { [REF]: null }, works: [] }).facts, seen).tips).toEqual({ other: "b" });
});

test("what a squash landed counts as it is in the base", () => {
  const works = [
    { ...name, kind: "replaced", by: "s" },
    { ...name, commit: "s", kind: "landed", in: "s" },
  ] as const;
  const now = after(noteSighting(before, { tips: {}, works }).facts, before);
  expect(recordOf(now, "T1")?.work).toMatchObject({ commit: "s", landed: { commit: "s" } });
});

test("rejected work that the base contains all the same is accepted", () => {
  const rejected = after(
    [{ type: "pr-changed", spec: SPEC, task: "T1", by: "x", pr: { number: 1, status: "rejected" } }],
    before,
  );
  expect(recordOf(rejected, "T1")?.state).toBe("changes_requested");
  const now = after(
    noteSighting(rejected, { tips: {}, works: [{ ...name, kind: "landed", in: "m" }] }).facts,
    rejected,
  );
  expect(recordOf(now, "T1")).toMatchObject({ state: "completed", pr: { number: 1, status: "merged" } });
});
