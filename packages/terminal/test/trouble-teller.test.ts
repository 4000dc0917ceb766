import { PassThrough } from "node:stream";
import { OrchardError } from "@orchard/kernel";
import { expect, test } from "vitest";
import { type Streams, troubleTeller } from "../src/index.ts";

const DAMAGED = new OrchardError({ code: "DAMAGED", kind: "state", message: "It is damaged.", hint: "Mend it." });
const UNKNOWN = new OrchardError({ code: "UNKNOWN_LANE", kind: "user", message: "There is no lane z." });
const BLOCKED = new OrchardError({ code: "LANE_BLOCKED", kind: "state", message: "It waits." });
const BAD_ID = new OrchardError({ code: "BAD_ID", kind: "user", message: "This is no id." });

test("trouble is told once on stderr, as a field of the data, and with its exit code", () => {
  const { teller, stderr } = listening();
  teller.note(DAMAGED);
  teller.note(DAMAGED);
  expect(stderr()).toBe("error[DAMAGED]: It is damaged.\nhint: Mend it.\n");
  expect(teller.marked({ data: { lanes: 1 }, text: "one" })).toEqual({
    data: { lanes: 1, trouble: { code: "DAMAGED", message: "It is damaged.", hint: "Mend it." } },
    text: "one",
    exitCode: 3,
  });
});

test.each([UNKNOWN, BLOCKED, DAMAGED])("in trouble $code is told as the trouble", (error) => {
  const { teller } = listening();
  teller.note(DAMAGED);
  expect(teller.instead(error, { json: false })).toBe(3);
  expect(() => teller.instead(error, { json: true })).toThrow(DAMAGED);
});

test("in trouble what is wrong in itself is told as it is, and so is everything without trouble", () => {
  const { teller, stderr } = listening();
  teller.note(undefined);
  expect(teller.marked({ data: { lanes: 1 } })).toEqual({ data: { lanes: 1 } });
  expect(() => teller.instead(UNKNOWN, { json: false })).toThrow(UNKNOWN);
  expect(stderr()).toBe("");
  teller.note(DAMAGED);
  expect(() => teller.instead(BAD_ID, { json: false })).toThrow(BAD_ID);
});

function listening() {
  const stderr = new PassThrough({ encoding: "utf8" });
  let said = "";
  stderr.on("data", (text: string) => {
    said += text;
  });
  const streams = { stdout: new PassThrough(), stderr } as unknown as Streams;
  return { teller: troubleTeller(streams), stderr: () => said };
}
