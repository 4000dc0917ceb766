import { expect, test } from "vitest";
import { addLaneFromJson } from "../../src/index.ts";
import { garden } from "../harness.ts";
import { line, specGarden } from "./spec-garden.ts";

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
