import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { LogReader } from "../../src/events/log-reader.ts";

/** A log whose events are only their numbers. */
function logIn(folder: string) {
  const path = join(folder, "events.ndjson");
  const line = (seq: number): string => `${JSON.stringify({ seq, type: "text" })}\n`;
  return {
    path,
    line,
    append: (...seqs: number[]) => appendFileSync(path, seqs.map(line).join("")),
    moveAside: () => renameSync(path, `${path}.1`),
  };
}

const seqsOf = (reader: LogReader): number[] => [...reader.read()].map(({ seq }) => seq);

test("each event is given out once, over any number of looks and the moving aside between them", () => {
  using folder = temporaryFolder();
  const log = logIn(folder.path);
  using reader = new LogReader(log.path);
  expect(seqsOf(reader)).toEqual([]);
  log.append(1, 2);
  expect(seqsOf(reader)).toEqual([1, 2]);
  log.append(3);
  log.moveAside();
  expect(seqsOf(reader), "moved aside, and no new one yet").toEqual([3]);
  log.append(4);
  expect(seqsOf(reader)).toEqual([4]);
  log.append(5);
  log.moveAside();
  log.append(6);
  log.moveAside();
  log.append(7);
  expect(seqsOf(reader), "moved aside twice since the last look").toEqual([5, 6, 7]);
});

test("who looks first when the log has moved aside gets both halves; of the first one only what is asked for", () => {
  using folder = temporaryFolder();
  const log = logIn(folder.path);
  using early = new LogReader(log.path);
  expect(seqsOf(early)).toEqual([]);
  log.append(1, 2);
  log.moveAside();
  using between = new LogReader(log.path);
  expect(seqsOf(between)).toEqual([1, 2]);
  log.append(3);
  for (const reader of [early, new LogReader(log.path)]) expect(seqsOf(reader)).toEqual([1, 2, 3]);
  expect(seqsOf(between)).toEqual([3]);
  expect(seqsOf(new LogReader(log.path, 1))).toEqual([2, 3]);
});

test("a log that moves aside while its older half is read is read on where it is now", () => {
  using folder = temporaryFolder();
  const log = logIn(folder.path);
  log.append(1);
  log.moveAside();
  log.append(2);
  using reader = new LogReader(log.path);
  const events = reader.read();
  expect(events.next().value).toMatchObject({ seq: 1 });
  log.moveAside();
  log.append(3);
  expect([...events].map(({ seq }) => seq)).toEqual([2, 3]);
});

test("the half line of a crash is not taken for the beginning of what is written in its place", () => {
  using folder = temporaryFolder();
  const log = logIn(folder.path);
  log.append(1);
  appendFileSync(log.path, log.line(2).slice(0, 9));
  using reader = new LogReader(log.path);
  expect(seqsOf(reader)).toEqual([1]);
  writeFileSync(log.path, log.line(1) + log.line(2) + log.line(3));
  expect(seqsOf(reader)).toEqual([2, 3]);
});
