import { expect, test } from "vitest";
import { mergeTicks, readLayeredTasks, tickTasks } from "../src/index.ts";

test("the README's example says what happens", () => {
  const source = new TextEncoder().encode(
    "## Layer 1\n- [ ] T031 @claude Model\n- [ ] T038 @qwen Client\n      Dependencies: T031, T034\n",
  );
  const { tasks, edges, findings } = readLayeredTasks(source);
  expect(tasks[1]).toMatchObject({ id: "T038", title: "Client", agent: "qwen", layer: 1, done: false, checkbox: 39 });
  expect(edges[0]).toMatchObject({
    task: "T038",
    dependsOn: "T031",
    kind: "explicit",
    position: { line: 4, column: 21 },
  });
  expect(findings[0]).toMatchObject({ code: "UNKNOWN_TASK", task: "T034", position: { line: 4, column: 27 } });
  const ours = tickTasks(source, new Set(["T031"]));
  const theirs = tickTasks(source, new Set(["T038"]));
  expect(mergeTicks(source, ours, theirs)).toEqual(tickTasks(source, new Set(["T031", "T038"])));
});
