import { expect, test } from "vitest";
import { isOrchardError, parseLaneId, printableLine } from "../src/index.ts";

test("the README's example says what happens", () => {
  expect(parseLaneId("login-page")).toBe("login-page");
  expect.assertions(4);
  try {
    parseLaneId("../etc");
  } catch (error) {
    if (!isOrchardError(error, "BAD_ID")) throw error;
    expect(error.exitCode).toBe(2);
    expect(error.message).toBe(`"../etc" is not a lane id: only a-z, 0-9, '.', '_' and '-' are allowed.`);
  }
  expect(printableLine("done \u001b[31m\u202ered")).toBe("done \\x1b[31m\\u202ered");
});
