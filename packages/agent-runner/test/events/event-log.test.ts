import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import type { LoggedEvent, RawPosition } from "../../src/events/agent-event.ts";
import { EventLog } from "../../src/events/event-log.ts";

const at = (offset: number): RawPosition => ({
  raw: { generation: 0, offset },
  rawErrors: { generation: 0, offset: 0 },
});
const text = (line: string) => ({ type: "text", from: "stdout", text: line }) as const;

function read(path: string): LoggedEvent[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

test("a log that is opened again goes on with its numbers and its position", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "logs", "lane", "events.ndjson");
  const first = new EventLog(path, 1 << 20);
  expect(first.position).toEqual(at(0));
  first.append(text("a"), at(2));
  first.append(text("b"), at(4));
  first.close();
  const second = new EventLog(path, 1 << 20);
  expect(second.position).toEqual(at(4));
  second.append(text("c"), at(6));
  second.close();
  expect(read(path).map((event) => [event.seq, event.read.raw.offset])).toEqual([
    [1, 2],
    [2, 4],
    [3, 6],
  ]);
});

test("cut at any byte by a crash, a log goes on behind its last whole line", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "events.ndjson");
  const log = new EventLog(path, 1 << 20);
  log.append(text("first"), at(10));
  const whole = statSync(path).size;
  log.append(text("second"), at(20));
  log.close();
  const bytes = readFileSync(path);
  for (let size = 0; size < bytes.length; size += 1) {
    writeFileSync(path, bytes);
    truncateSync(path, size);
    const again = new EventLog(path, 1 << 20);
    expect([size, again.position.raw.offset]).toEqual([size, size < whole ? 0 : 10]);
    again.append(text("after"), at(30));
    again.close();
    expect(read(path).at(-1)).toMatchObject({ text: "after", seq: size < whole ? 1 : 2 });
  }
});

test("past half of its size a log moves aside; past the other half the older one is told as dropped", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "events.ndjson");
  const cap = 256 * 1024;
  const log = new EventLog(path, cap);
  for (let index = 0; index < 1000; index += 1) log.append(text("x".repeat(1000)), at(index));
  log.close();
  const both = [...read(`${path}.1`), ...read(path)];
  expect(statSync(path).size + statSync(`${path}.1`).size).toBeLessThan(cap + 4096);
  expect(both.some((event) => event.type === "dropped")).toBe(true);
  const seqs = both.map((event) => event.seq);
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
});

test("killed right after it moved aside, a log still knows where it was", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "events.ndjson");
  const log = new EventLog(path, 1 << 20);
  log.append(text("a"), at(7));
  log.close();
  writeFileSync(`${path}.1`, readFileSync(path));
  truncateSync(path);
  const again = new EventLog(path, 1 << 20);
  expect(again.position).toEqual(at(7));
  again.append(text("b"), at(9));
  again.close();
  expect(read(path)).toMatchObject([{ seq: 2 }]);
});

test("what is no event at the end of a log is left alone, and the log goes on", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "events.ndjson");
  appendFileSync(path, "somebody was here\n");
  const log = new EventLog(path, 1 << 20);
  log.append(text("a"), at(1));
  log.close();
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, "utf8")).toContain("somebody was here\n{");
});
