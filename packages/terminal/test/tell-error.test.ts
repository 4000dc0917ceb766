import { PassThrough } from "node:stream";
import { OrchardError } from "@orchard/kernel";
import { expect, test } from "vitest";
import { type Streams, safeText, tellError } from "../src/index.ts";

const REFUSED = new OrchardError({ code: "TAKEN", kind: "state", message: "T1 is \u001b[2Jtaken.", hint: "Take T2." });

test("people read code, sentence and hint on stderr, and nothing in them acts on a terminal", () => {
  const { streams, stdout, stderr } = gathered();
  expect(tellError(REFUSED, { json: false, verbose: false }, streams)).toBe(3);
  expect(stderr()).toBe("error[TAKEN]: T1 is \\x1b[2Jtaken.\nhint: Take T2.\n");
  expect(stdout()).toBe("");
});

test("programs read one object on stdout and nothing else", () => {
  const { streams, stdout, stderr } = gathered();
  expect(tellError(REFUSED, { json: true, verbose: false }, streams)).toBe(3);
  expect(JSON.parse(stdout())).toEqual({
    error: { code: "TAKEN", message: REFUSED.message, hint: "Take T2.", details: {} },
  });
  expect(stderr()).toBe("");
});

test.each([
  ["EACCES", "NOT_WRITABLE", 3],
  ["EROFS", "NOT_WRITABLE", 3],
  ["ENOSPC", "DISK_FULL", 1],
  ["EWHATEVER", "INTERNAL", 1],
])("%s of the system is told as %s", (code, told, exitCode) => {
  const { streams, stderr } = gathered();
  const error = Object.assign(new Error("refused"), { code });
  expect(tellError(error, { json: false, verbose: false }, streams)).toBe(exitCode);
  expect(stderr()).toMatch(new RegExp(`^error\\[${told}\\]: refused\nhint: `));
});

test("a stack is shown only when asked for, with its causes", () => {
  const { streams, stderr } = gathered();
  tellError(new Error("outer", { cause: new Error("inner") }), { json: false, verbose: true }, streams);
  expect(stderr()).toMatch(/Error: outer[\s\S]*caused by: Error: inner/);
});

test("colours pass and every other sequence is shown", () => {
  expect(safeText("\u001b[31mred\u001b[39m \u001b]0;title\u0007")).toBe("\u001b[31mred\u001b[39m \\x1b]0;title\\x07");
});

function gathered() {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const text = (stream: PassThrough) => () => {
    const parts: Buffer[] = [];
    for (let part = stream.read(); part !== null; part = stream.read()) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  const streams = { stdout, stderr } as unknown as Streams;
  return { streams, stdout: text(stdout), stderr: text(stderr) };
}
