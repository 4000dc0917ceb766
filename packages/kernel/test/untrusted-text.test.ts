import fc from "fast-check";
import { expect, test } from "vitest";
import { printable, printableLine } from "../src/index.ts";

const ESC = "\u001b";

test.each([
  ["a clipboard write (OSC 52)", `${ESC}]52;c;aGVsbG8=\u0007`, "\\x1b]52;c;aGVsbG8=\\x07"],
  ["a window title ended by ST", `${ESC}]0;owned${ESC}\\`, "\\x1b]0;owned\\x1b\\"],
  ["a hyperlink (OSC 8)", `${ESC}]8;;http://x${ESC}\\click`, "\\x1b]8;;http://x\\x1b\\click"],
  ["colours and cursor movement (CSI)", `${ESC}[31mred${ESC}[2J${ESC}[H`, "\\x1b[31mred\\x1b[2J\\x1b[H"],
  ["the same as single C1 bytes", "\u009b31m\u009d52;c;x\u009c\u0090q", "\\x9b31m\\x9d52;c;x\\x9c\\x90q"],
  ["a carriage return that overwrites the line", "safe\rEVIL", "safe\\x0dEVIL"],
  ["backspaces", "rm\b\bls", "rm\\x08\\x08ls"],
  ["bell, NUL, DEL", "\u0007\u0000\u007f", "\\x07\\x00\\x7f"],
  ["a direction override", "user\u202etxt.exe", "user\\u202etxt.exe"],
  ["isolates and marks", "\u2066a\u2069\u200e\u200f\u061c", "\\u2066a\\u2069\\u200e\\u200f\\u061c"],
  ["line and paragraph separators", "a\u2028b\u2029c", "a\\u2028b\\u2029c"],
  ["a byte order mark and a zero-width space", "\ufeffa\u200bb", "\\ufeffa\\u200bb"],
  ["tags that hide words", "ok\u{e0041}\u{e0042}", "ok\\u{e0041}\\u{e0042}"],
])("%s is shown, not done", (_, text, shown) => expect(printable(text)).toBe(shown));

test("ordinary text, newlines, emoji with joiners and other scripts stay; tabs become spaces", () => {
  const text = "it's done:\n  naïve 日本語 שלום مرحبا 👩‍💻 👍🏽 \u{1f3f3}️‍🌈";
  expect(printable(text)).toBe(text);
  expect(printable("a\tb")).toBe("a  b");
});

test("whatever comes in, nothing that acts on a terminal comes out, and twice is once", () => {
  fc.assert(
    fc.property(nastyText, (text) => {
      const shown = printable(text);
      expect([...shown].find(actsOrDeceives)).toBeUndefined();
      expect(printable(shown)).toBe(shown);
    }),
    { numRuns: 20_000 },
  );
});

test("a line is one line, no wider than asked, and says when something was cut", () => {
  expect(printableLine("  a\n\n b\t c  ")).toBe("a b c");
  expect(printableLine("abcdef", 4)).toBe("abc…");
  expect(printableLine("👍🏽👍🏽👍🏽", 3)).toBe("👍🏽…");
  expect(printableLine(`${" ".repeat(5_000)}late`, 10)).toBe("…");
  fc.assert(
    fc.property(nastyText, fc.integer({ min: 1, max: 30 }), (text, width) => {
      const line = printableLine(text, width);
      expect(Array.from(line).length).toBeLessThanOrEqual(width);
      expect(line).not.toContain("\n");
    }),
    { numRuns: 5_000 },
  );
});

test("a hundred million characters are no reason to wait for a line of them", () => {
  expect(printableLine(`${ESC}[`.repeat(50_000_000), 20)).toBe(`${"\\x1b[".repeat(4).slice(0, 19)}…`);
});

const nastyText = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCodePoint(code)),
    fc.constantFrom(
      "\u202a",
      "\u202e",
      "\u2066",
      "\u2069",
      "\u200b",
      "\u2060",
      "\u206f",
      "\ufeff",
      "\ufffa",
      "\u{e0020}",
      "\u{e007f}",
      "\ud800",
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
});

function actsOrDeceives(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const isControl = (code < 0x20 && code !== 0x0a) || (code >= 0x7f && code <= 0x9f);
  const steersDirection = [0x61c, 0x200e, 0x200f].includes(code) || (code >= 0x2028 && code <= 0x202e);
  const isInvisible = code === 0x200b || (code >= 0x2060 && code <= 0x206f) || code === 0xfeff;
  const annotates = code >= 0xfff9 && code <= 0xfffb;
  return isControl || steersDirection || isInvisible || annotates || (code >= 0xe0000 && code <= 0xe007f);
}
