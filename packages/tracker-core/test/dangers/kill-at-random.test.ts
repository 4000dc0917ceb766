import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type NodeProcess, startNode, tried, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { startRewriter, withFile } from "./rewriters.ts";
import { acknowledgedIn, duplicatesIn, missingFrom, newJournal, recordedIn } from "./updates.ts";

const WRITERS = 6;
const KILLS = process.env["ORCHARD_LONG"] === "1" ? 1000 : 60;

test(`${KILLS} kill -9 at random instants of ${WRITERS} live writers: every acknowledged update is there once`, async ({
  task,
}) => {
  tried(task, KILLS);
  using folder = await newJournal();
  const outputs: NodeProcess[] = [];
  const start = () => startWriter(folder.path, outputs);
  await killAtRandom(start);
  const acknowledged = outputs.flatMap((each) => acknowledgedIn(each.stdout()));
  const { ids, total } = await recordedIn(folder.path);
  expect(outputs.map((each) => each.stderr()).join("")).toBe("");
  expect(acknowledged.length).toBeGreaterThan(KILLS);
  expect(missingFrom(ids, acknowledged)).toEqual([]);
  expect(duplicatesIn(ids)).toEqual([]);
  expect(total).toBe(ids.length);
}, 900_000);

test("negative control: writers that rewrite the file in place without a lock lose acknowledged updates", async () => {
  using control = withFile();
  const outputs: NodeProcess[] = [];
  await killAtRandom(() => startRewriter(control.file, outputs, { lock: "torn" }), 20);
  const acknowledged = outputs.flatMap((each) => acknowledgedIn(each.stdout()));
  const content = readFileSync(control.file, "utf8");
  const ids = isWhole(content) ? (JSON.parse(content) as string[]) : [];
  expect(missingFrom(ids, acknowledged)).not.toEqual([]);
}, 300_000);

function startWriter(folder: string, outputs: NodeProcess[]): NodeProcess {
  const writer = startNode(join(import.meta.dirname, "writer.ts"), [
    ...["--folder", folder],
    ...["--name", `w${outputs.length}`],
  ]);
  outputs.push(writer);
  return writer;
}

/** Keeps the writers alive, kills one after the other while it works, and all of them at the end. */
async function killAtRandom(start: () => NodeProcess, kills = KILLS): Promise<void> {
  const alive = Array.from({ length: WRITERS }, start);
  for (let n = 0; n < kills; n += 1) {
    const victim = alive[n % WRITERS] ?? start();
    await until("the writer works", () => victim.stdout().includes("+") || victim.child.exitCode !== null);
    await pause(Math.random() * 20);
    victim.child.kill("SIGKILL");
    await victim.ended;
    alive[n % WRITERS] = start();
  }
  for (const each of alive) {
    each.child.kill("SIGKILL");
    await each.ended;
  }
}

function isWhole(content: string): boolean {
  try {
    JSON.parse(content);
    return true;
  } catch {
    return false;
  }
}
