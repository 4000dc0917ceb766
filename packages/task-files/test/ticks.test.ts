import { expect, test } from "vitest";
import { mergeTicks, tickTasks } from "../src/index.ts";
import { bytesOf, read } from "./reading.ts";

const textOf = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
const tick = (text: string, ...ids: readonly string[]) => textOf(tickTasks(bytesOf(text), new Set(ids)));

const files: readonly (readonly [string, string])[] = [
  ["LF", "- [ ] T001 a\n- [ ] T002 b\n"],
  ["CRLF", "- [ ] T001 a\r\n- [ ] T002 b\r\n"],
  ["CR", "- [ ] T001 a\r- [ ] T002 b\r"],
  ["a BOM", "\ufeff- [ ] T001 a\n- [ ] T002 b\n"],
  ["tabs", "-\t[ ]\tT001 a\n\t-\t[ ]\tT002 b"],
  ["emoji and other languages above and beside", "# 任务 🎉 タスク\n\n🚀🚀\n- [ ] T001 é 🎉\n- [ ] T002 ñ\n"],
  ["a comment before", "<!-- é -->\n- [ ] T001 a\n- [ ] T002 b"],
  ["headings", "## [ ] T001 a\n## [ ] T002 b"],
];

test.each(files)("ticking changes one byte in a file with %s", (_, text) => {
  expect(tick(text, "T002")).toBe(text.replace(/\[ \](?=\s+T002)/, "[x]"));
  expect(tick(text, "T001", "T002")).toBe(text.replaceAll("[ ]", "[x]"));
});

test("bytes that are no UTF-8 stay, and move no box", () => {
  const bad = Uint8Array.of(0xff, 0xe2, 0x82, 0x0a, 0xf0, 0x9f, 0x0a);
  const source = new Uint8Array([
    ...bytesOf("# a long enough title, so that this is text for the most part\n"),
    ...bad,
    ...bytesOf("- [ ] T001 a\n"),
  ]);
  const ticked = tickTasks(source, new Set(["T001"]));
  const changed = [...source.keys()].filter((i) => source[i] !== ticked[i]);
  expect(changed).toEqual([source.length - 10]);
  expect(read(source).findings.map(({ code }) => code)).toEqual(["NOT_UTF8"]);
});

test("what is ticked, is nobody's or has no box stays as it is", () => {
  const text = "- [X] T001 a\n- [ ] T002 b\n## T003 c\n- [ ] a step\n```\n- [ ] T002 b\n```\n";
  expect(tick(text, "T001", "T003", "T404", "__proto__", "constructor")).toBe(text);
});

test("of two lines with one id the first is ticked", () => {
  expect(tick("- [ ] T001 a\n- [ ] T001 b", "T001")).toBe("- [x] T001 a\n- [ ] T001 b");
});

test("a box that several tasks share is ticked when all of them are done", () => {
  expect(tick("- [ ] T001-T003 a", "T001", "T002")).toBe("- [ ] T001-T003 a");
  expect(tick("- [ ] T001-T003 a", "T001", "T002", "T003")).toBe("- [x] T001-T003 a");
  expect(tick("- [x] T002 b\n- [ ] T001-T003 a", "T001", "T003")).toBe("- [x] T002 b\n- [x] T001-T003 a");
});

test("the source is never changed, nor shared", () => {
  const source = Buffer.from("- [ ] T001 a");
  const ticked = tickTasks(source, new Set(["T001"]));
  ticked[0] = 0;
  expect(source.toString()).toBe("- [ ] T001 a");
});

const base = "# T\n- [ ] T001 a\n- [ ] T002 b\n- [x] T003 c\n  - [ ] step\n";
const merges: readonly (readonly [string, string, string, string | undefined])[] = [
  [
    "both tick their own, one line below the other",
    base.replace("[ ] T001", "[x] T001"),
    base.replace("[ ] T002", "[x] T002"),
    base.replace("[ ] T001", "[x] T001").replace("[ ] T002", "[x] T002"),
  ],
  [
    "both tick the same",
    base.replace("[ ] T001", "[x] T001"),
    base.replace("[ ] T001", "[X] T001"),
    base.replace("[ ] T001", "[x] T001"),
  ],
  ["one unticks what the other leaves", base.replace("[x] T003", "[ ] T003"), base, base],
  [
    "one marks, the other ticks",
    base.replace("[ ] T001", "[~] T001"),
    base.replace("[ ] T001", "[x] T001"),
    base.replace("[ ] T001", "[x] T001"),
  ],
  ["a step of a task is ticked", base.replace("[ ] step", "[x] step"), base, base.replace("[ ] step", "[x] step")],
  ["two different marks", base.replace("[ ] T001", "[~] T001"), base.replace("[ ] T001", "[-] T001"), undefined],
  ["a changed text", base.replace("T001 a", "T001 b"), base, undefined],
  ["a line more", `${base}- [ ] T004 d\n`, base, undefined],
  ["a box that became a legend", base.replace("[ ] T001", "[P] T001"), base, undefined],
];

test.each(merges)("%s", (_, ours, theirs, merged) => {
  expect(textOf(mergeTicks(bytesOf(base), bytesOf(ours), bytesOf(theirs)))).toBe(merged);
  expect(textOf(mergeTicks(bytesOf(base), bytesOf(theirs), bytesOf(ours)))).toBe(merged);
});

test("a box in a fence is text like any other", () => {
  const fenced = "```\n- [ ] T001 a\n```\n";
  expect(mergeTicks(bytesOf(fenced), bytesOf(fenced.replace("[ ]", "[x]")), bytesOf(fenced))).toBeUndefined();
});
