import { expect, test } from "vitest";
import { defineTasks } from "../../src/tasks/define-tasks.ts";

test("a title that would forge a line, or act on a terminal, is recorded as what can be seen of it", () => {
  const source = Buffer.from(
    "## Layer 1: Base\u001b[2J\n- [ ] T1 a title\u001b[2J\u2028\u202eNext: rm\n- [ ] T2 two\n",
  );
  const { definition } = defineTasks(source, {
    path: "specs/001-x/layered-tasks.md",
    hash: "h",
    rules: { layers: "soft", completeOn: "work", stuckAfterMs: 1 },
  });
  expect(definition.tasks[0]).toMatchObject({ id: "T1", title: "a title\\x1b[2J\\u2028\\u202eNext: rm" });
  expect(definition.layers[0]?.title).toBe("Base\\x1b[2J");
});
