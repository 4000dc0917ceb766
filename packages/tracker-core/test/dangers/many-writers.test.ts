import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type NodeProcess, startNode, tried, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { startRewriter, withFile } from "./rewriters.ts";
import { acknowledgedIn, duplicatesIn, missingFrom, newJournal, recordedIn, viewIn } from "./updates.ts";

const WRITERS = 64;
const UPDATES = 50;

test(`${WRITERS} processes × ${UPDATES} updates: all there, each once, the view right and never torn`, async ({
  task,
}) => {
  tried(task, WRITERS * UPDATES);
  using folder = await newJournal();
  const writers = Array.from({ length: WRITERS }, (_, n) =>
    startNode(join(import.meta.dirname, "writer.ts"), [
      ...["--folder", folder.path, "--name", `w${n}`],
      ...["--count", String(UPDATES), "--wait"],
    ]),
  );
  await until("all are ready", () => writers.every((each) => each.stdout().includes("ready")), { within: 240_000 });
  for (const each of writers) each.child.stdin?.write("go\n");
  const reading = readUntilEnded(folder.path, writers);
  const ends = await Promise.all(writers.map((each) => each.ended));
  const torn = await reading;
  const acknowledged = writers.flatMap((each) => acknowledgedIn(each.stdout()));
  const { ids } = await recordedIn(folder.path);
  expect(writers.map((each) => each.stderr()).join("")).toBe("");
  expect(ends.every(({ code }) => code === 0)).toBe(true);
  expect(acknowledged).toHaveLength(WRITERS * UPDATES);
  expect(missingFrom(ids, acknowledged)).toEqual([]);
  expect(duplicatesIn(ids)).toEqual([]);
  expect(torn).toEqual([]);
  const busy = writers.filter((each) => each.stdout().includes("busy")).length;
  if (process.env["ORCHARD_LONG"] === "1") expect(busy).toBe(0);
  expect(JSON.parse(readFileSync(viewIn(folder.path), "utf8"))).toMatchObject({ total: WRITERS * UPDATES });
}, 900_000);

test("negative control: without the protocol, read, change and rename loses most of them", async () => {
  using control = withFile();
  const outputs: NodeProcess[] = [];
  for (let n = 0; n < 8; n += 1) startRewriter(control.file, outputs, { lock: "none", count: 20, pause: 2 });
  await Promise.all(outputs.map((each) => each.ended));
  const acknowledged = outputs.flatMap((each) => acknowledgedIn(each.stdout()));
  expect(missingFrom(JSON.parse(readFileSync(control.file, "utf8")) as string[], acknowledged)).not.toEqual([]);
}, 300_000);

test("negative control: a file that is written in place is seen torn", async () => {
  using control = withFile();
  const outputs: NodeProcess[] = [];
  for (let n = 0; n < 4; n += 1) startRewriter(control.file, outputs, { lock: "torn" });
  await until("a reader sees half a file", () => tornIn(control.file).length > 0, { every: 0 });
  for (const each of outputs) {
    each.child.kill("SIGKILL");
    await each.ended;
  }
}, 300_000);

/** What was wrong with the view whenever somebody looked, for as long as any writer lives. */
async function readUntilEnded(folder: string, writers: readonly NodeProcess[]): Promise<readonly string[]> {
  const torn: string[] = [];
  while (writers.some(({ child }) => child.exitCode === null && child.signalCode === null)) {
    torn.push(...tornIn(viewIn(folder)));
    await pause(2);
  }
  return torn;
}

function tornIn(file: string): readonly string[] {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch {
    // Not there yet.
    return [];
  }
  try {
    const { total, sum, end } = JSON.parse(content) as { total?: number; sum?: number; end?: number };
    return total === sum && total === end ? [] : [`mixed: ${content.slice(0, 80)}`];
  } catch {
    return [`torn: ${content.slice(0, 80)}`];
  }
}
