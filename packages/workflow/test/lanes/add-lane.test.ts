import { expect, test } from "vitest";
import { addLaneFromJson } from "../../src/index.ts";
import { garden } from "../harness.ts";
import { agent, line, specGarden } from "./spec-garden.ts";

const OTHER = "specs/002-other/layered-tasks.md";

test("a lane of spec tasks names its spec, or it is found by its tasks", async () => {
  const files = { [OTHER]: `# Tasks\n${line("T002")}${line("T900")}` };
  await using orbit = await specGarden(`# Tasks\n${line("T001")}${line("T002", ["T001"])}${line("T003")}`, { files });
  const { garden: g } = orbit;
  let count = 0;
  const add = (definition: Record<string, unknown>) =>
    addLaneFromJson(g.orchard, `lane-${++count}`, JSON.stringify(definition), { replace: false, source: "lane" })
      .then(({ definition: { spec, tasks }, specFound }) => ({ spec, tasks, specFound }))
      .catch((error: { readonly code: string }) => error.code);
  const first = { spec: "001-orbit", tasks: ["T001"] };
  expect(await add({ tasks: ["T001", "T001"] })).toEqual({ ...first, specFound: true });
  expect(await add({ spec: "001", tasks: ["001/T003"] })).toEqual({
    spec: "001-orbit",
    tasks: ["T003"],
    specFound: false,
  });
  expect(await add({ spec: "001-orbit", tasks: ["T001"] })).toBe("TASK_IN_LANE");
  expect(await add({ tasks: ["T002"] })).toBe("AMBIGUOUS_TASK");
  expect(await add({ tasks: ["002/T002"] })).toMatchObject({ spec: "002-other", tasks: ["T002"] });
  expect(await add({ tasks: ["T004"] })).toBe("UNKNOWN_TASK");
  expect(await add({ spec: "001", tasks: ["write it"] })).toBe("BAD_ID");
  expect(await add({ spec: "003", tasks: ["T001"] })).toBe("UNKNOWN_SPEC");
  expect(await add({ tasks: ["001/T002", "T900"] })).toBe("INVALID_INPUT");
  expect(await add({ spec: "001", tasks: ["002/T900"] })).toBe("INVALID_INPUT");
  expect(await add({ spec: "001", tasks: [] })).toBe("INVALID_INPUT");
  expect(await add({ tasks: ["Write T001 anew"] })).toEqual({
    spec: undefined,
    tasks: ["Write T001 anew"],
    specFound: false,
  });
});

test("where there is no spec, what reads as an id is a sentence like any other", async () => {
  await using g = await garden();
  await g.add("plain", { tasks: ["T001"] });
  expect((await g.lane("plain")).definition).toMatchObject({ tasks: ["T001"] });
  expect((await g.lane("plain")).definition.spec).toBeUndefined();
});

const CHAIN = `# Tasks\n\n${line("T001")}${line("T002", ["T001"])}${line("T003", ["T002"])}${line("T004")}`;
const MERGE = { config: { completeOn: "merge" } };

test('with "completeOn": "merge" lanes that would wait for each other for ever are refused, with who waits for whom', async () => {
  await using orbit = await specGarden(CHAIN, MERGE);
  const add = (id: string, tasks: readonly string[]) =>
    addLaneFromJson(orbit.garden.orchard, id, JSON.stringify({ tasks }), { replace: false, source: "lane" });
  await expect(add("whole", ["T001", "T002"])).rejects.toMatchObject({
    code: "LANES_IN_CIRCLE",
    message: expect.stringContaining(
      'T002 of lane "whole" waits for T001 of lane "whole" to land, and a lane lands whole',
    ),
    hint: expect.stringContaining('"completeOn": "work"'),
  });
  // T002 lands by itself, in no lane, and only once T001 has landed with the lane that waits for it.
  await expect(add("ends", ["T001", "T003"])).rejects.toMatchObject({
    message: expect.stringContaining(
      'T003 of lane "ends" waits for T002 to land, T002 waits for T001 of lane "ends" to land',
    ),
  });
  await add("first", ["T001", "T004"]);
  await add("second", ["T002"]);
  await add("third", ["T003"]);
  expect(Object.keys((await orbit.garden.orchard.tracker()).lanes)).toEqual(["first", "second", "third"]);
});

test("two lanes that take turns on one chain are refused when the second is added", async () => {
  await using orbit = await specGarden(`# Tasks\n\n${line("T001")}${line("T002", ["T001"])}${line("T003")}`, MERGE);
  const { garden: g } = orbit;
  const add = (id: string, tasks: readonly string[]) =>
    addLaneFromJson(g.orchard, id, JSON.stringify({ tasks }), { replace: false, source: "lane" });
  await add("a", ["T001", "T003"]);
  orbit.define(`# Tasks\n\n${line("T001")}${line("T002", ["T001"])}${line("T003", ["T002"])}`);
  await expect(add("b", ["T002"])).rejects.toMatchObject({
    code: "LANES_IN_CIRCLE",
    message: expect.stringContaining(
      'T003 of lane "a" waits for T002 of lane "b" to land, T002 of lane "b" waits for T001 of lane "a" to land',
    ),
  });
});

test("negative control: where finished work counts at once the same lanes are fine", async () => {
  await using orbit = await specGarden(CHAIN);
  const add = (id: string, tasks: readonly string[]) =>
    addLaneFromJson(orbit.garden.orchard, id, JSON.stringify({ tasks }), { replace: false, source: "lane" });
  await add("a", ["T001", "T003"]);
  await add("b", ["T002"]);
});

test("lanes that came to wait for each other later are named by execute, and it ends", async () => {
  await using orbit = await specGarden(`# Tasks\n\n${line("T001")}${line("T002")}${line("T003")}`, MERGE);
  const { garden: g } = orbit;
  await g.add("a", { tasks: ["T001", "T003"], command: agent() });
  await g.add("b", { tasks: ["T002"], command: agent() });
  orbit.define(`# Tasks\n\n${line("T001")}${line("T002", ["T001"])}${line("T003", ["T002"])}`);
  expect(await g.execute()).toMatchObject({ completed: [], blocked: ["a", "b"] });
  expect(g.events.filter(({ type }) => type === "warning")).toMatchObject([
    { text: expect.stringContaining('Lanes "a" and "b" would wait for ever'), hint: expect.any(String) },
  ]);
});
