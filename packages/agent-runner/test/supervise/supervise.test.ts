import { expect, test } from "vitest";
import { testAttempt } from "../support/attempt.ts";

test("an agent gets its prompt, its output becomes events, its exit code is told", async () => {
  await using attempt = await testAttempt({ command: 'cat; echo "to stderr" >&2; exit 3' });
  await attempt.start();
  const end = await attempt.ended();
  expect(end).toMatchObject({ outcome: "exited", code: 3, signal: null });
  expect(attempt.told().map((one) => one.port)).toEqual(["started", "agentStarted", "ended"]);
  expect(await attempt.text()).toContain("the prompt");
  expect(await attempt.text()).toContain("to stderr");
});
