import { appendFileSync, closeSync, ftruncateSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RawFile, type RawPiece } from "../../src/events/raw-file.ts";

const START = { generation: 0, offset: 0 };

function withFile<T>(run: (path: string) => T): T {
  using folder = temporaryFolder();
  const path = join(folder.path, "raw");
  writeFileSync(path, "");
  return run(path);
}

function readAll(file: RawFile): RawPiece[] {
  const pieces: RawPiece[] = [];
  for (let piece = file.read(); piece !== undefined; piece = file.read()) pieces.push(piece);
  return pieces;
}

const linesOf = (pieces: readonly RawPiece[]): string[] => pieces.flatMap((piece) => [...piece.lines]);

test("whatever pieces lines are written in, and wherever reading stops and goes on, each line comes once and whole", () => {
  withFile((path) => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.array(fc.nat(40)), (texts, cuts) => {
        truncateSync(path);
        const lines = texts.map((text) => text.replaceAll(/[\n\r\0]/g, ""));
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        let position = START;
        const got: string[] = [];
        for (let at = 0, turn = 0; at < bytes.length || turn < 1; turn += 1) {
          const length = (cuts[turn % Math.max(1, cuts.length)] ?? 7) + 1;
          appendFileSync(path, bytes.subarray(at, at + length));
          at += length;
          const file = new RawFile(path, position, 1 << 20);
          for (const piece of readAll(file)) {
            got.push(...piece.lines);
            position = piece.position;
          }
          file.close();
        }
        expect(got).toEqual(lines);
      }),
    );
  });
});

test("lines may end as on Windows; the last needs no end at all", () => {
  withFile((path) => {
    writeFileSync(path, "a\r\nb\nc");
    const file = new RawFile(path, START, 1 << 20);
    expect(linesOf(readAll(file))).toEqual(["a", "b"]);
    expect(file.rest()?.lines).toEqual(["c"]);
    expect(file.rest()).toBeUndefined();
    file.close();
  });
});

test("a line without an end is given out at 1 MiB, the rest of it is counted as passed over", () => {
  withFile((path) => {
    writeFileSync(path, `${"x".repeat(3 << 20)}\nnext\n`);
    const file = new RawFile(path, START, 8 << 20);
    const pieces = readAll(file);
    const lines = linesOf(pieces);
    expect(lines.map((line) => line.length > 4)).toEqual([true, false]);
    expect(lines.at(-1)).toBe("next");
    const skipped = pieces.reduce((sum, piece) => sum + piece.skipped, 0);
    expect((lines[0]?.length ?? 0) + skipped).toBe((3 << 20) + 1);
    file.close();
  });
});

test("an emptied file is read from its new beginning, under the next generation", () => {
  withFile((path) => {
    const agent = openSync(path, "a");
    writeSync(agent, "one\ntwo\n");
    const file = new RawFile(path, START, 4);
    expect(linesOf(readAll(file))).toEqual(["one", "two"]);
    expect(file.isFull).toBe(true);
    expect(file.empty()).toBe(0);
    writeSync(agent, "three\n");
    expect(readAll(file)).toEqual([{ lines: ["three"], position: { generation: 1, offset: 6 }, skipped: 0 }]);
    closeSync(agent);
    file.close();
  });
});

test("a half line survives the emptying", () => {
  withFile((path) => {
    const agent = openSync(path, "a");
    writeSync(agent, "one\nhalf a ");
    const file = new RawFile(path, START, 8);
    readAll(file);
    file.empty();
    writeSync(agent, "line\n");
    expect(linesOf(readAll(file))).toEqual(["half a line"]);
    closeSync(agent);
    file.close();
  });
});

test("who writes much faster than we read is followed at a distance, and what was passed over is counted", () => {
  withFile((path) => {
    writeFileSync(path, "0123456\n".repeat(100_000));
    const file = new RawFile(path, START, 64 * 1024);
    const pieces = readAll(file);
    const skipped = pieces.reduce((sum, piece) => sum + piece.skipped, 0);
    const read = linesOf(pieces).length * 8;
    expect(read + skipped).toBe(800_000);
    expect(new Set(linesOf(pieces))).toEqual(new Set(["0123456"]));
    file.close();
  });
});

test("a program that opens its output anew and empties it is followed all the same", () => {
  withFile((path) => {
    const file = new RawFile(path, START, 1 << 20);
    writeFileSync(path, "first, and long\n");
    readAll(file);
    writeFileSync(path, "second\n");
    expect(linesOf(readAll(file))).toEqual(["second"]);
    file.close();
  });
});

test("a program that does not append leaves a hole after the emptying; the hole is passed over, what follows is read", () => {
  withFile((path) => {
    const agent = openSync(path, "r+");
    const file = new RawFile(path, START, 1024);
    writeSync(agent, "before\n", 500_000_000);
    expect(linesOf(readAll(file))).toEqual(["before"]);
    file.empty();
    writeSync(agent, "after\n", 500_000_007);
    expect(linesOf(readAll(file))).toEqual(["after"]);
    ftruncateSync(agent);
    closeSync(agent);
    file.close();
  });
});
