import { expect, test } from "vitest";
import { reasonLine } from "../src/terminal/reason-line.ts";

test("a reason's sentence is set apart from what a command printed below it", () => {
  const red = "verify is red: npm test exit code 1, twice\nnpm warn Unknown user config\n1 failed\n";
  expect(reasonLine(red, 100)).toBe(
    "verify is red: npm test exit code 1, twice · npm warn Unknown user config 1 failed",
  );
  expect(reasonLine("verify is red: npm test exit code 1\n", 100)).toBe("verify is red: npm test exit code 1");
  expect(reasonLine("one\ntwo", 6)).toBe("one ·…");
});
