import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { attemptFiles, followEvents, type LoggedEvent, readEvents } from "../../src/index.ts";
import { testAttempt } from "../support/attempt.ts";

test("a follower gets every event as it comes, in order, and ends with the attempt", async () => {
  const numbers = (from: number, to: number) => `seq ${from} ${to}`;
  const command = `${numbers(0, 99)}; until [ -e go ]; do sleep 0.05; done; ${numbers(100, 199)}; sleep 0.3; ${numbers(200, 299)}`;
  await using attempt = await testAttempt({ command });
  const got: LoggedEvent[] = [];
  const following = (async () => {
    for await (const event of followEvents(attempt.folder)) got.push(event);
  })();
  await attempt.start();
  await until("the first came while it runs", () => got.length > 0);
  expect(attempt.told().some((one) => one.port === "ended")).toBe(false);
  writeFileSync(join(attempt.cwd, "go"), "");
  await attempt.ended();
  await following;
  const lines = got.flatMap((event) => (event.type === "text" ? event.text.split("\n") : []));
  expect(lines).toEqual(Array.from({ length: 300 }, (_, index) => String(index)));
});

test("a follower of a log that moves aside while he reads misses nothing that is kept", async () => {
  const command =
    "i=0; while [ $i -lt 6 ]; do head -c 40000 /dev/zero | tr '\\0' x | fold -w 99; echo; i=$((i+1)); sleep 0.15; done";
  await using attempt = await testAttempt({ command, limits: { outputBytes: 300_000 } });
  const seqs: number[] = [];
  const following = (async () => {
    for await (const event of followEvents(attempt.folder)) seqs.push(event.seq);
  })();
  await attempt.start();
  await attempt.ended();
  await following;
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  expect(seqs.length).toBeGreaterThan(6);
});

test("a follower that could not look while the log moved aside misses nothing that is kept", async () => {
  const command =
    "i=0; while [ $i -lt 6 ]; do head -c 40000 /dev/zero | tr '\\0' x | fold -w 99; echo; i=$((i+1)); sleep 0.15; done";
  await using attempt = await testAttempt({ command, limits: { outputBytes: 300_000 } });
  const events = followEvents(attempt.folder);
  const first = events.next();
  await attempt.start();
  holdUpUntil(() => existsSync(`${attemptFiles(attempt.folder).events}.1`));
  const seqs: (number | undefined)[] = [(await first).value?.seq];
  for await (const event of events) seqs.push(event.seq);
  await attempt.ended();
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
});

/** As a machine does that is busy elsewhere: this process does nothing at all meanwhile. */
function holdUpUntil(isSo: () => boolean): void {
  while (!isSo()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}

test("a reader that was away gets what came after his last one", async () => {
  await using attempt = await testAttempt({ command: "echo a; echo b >&2; exit 0" });
  await attempt.start();
  await attempt.ended();
  const all = await attempt.events();
  const rest: LoggedEvent[] = [];
  for await (const event of readEvents(attempt.folder, { after: 1 })) rest.push(event);
  expect(rest).toEqual(all.slice(1));
});

test("a follower that is told to stop stops, though the attempt goes on", async () => {
  await using attempt = await testAttempt({ command: "until [ -e go ]; do sleep 0.05; done" });
  await attempt.start();
  const stop = new AbortController();
  const following = (async () => {
    for await (const _event of followEvents(attempt.folder, { signal: stop.signal }));
  })();
  stop.abort();
  await following;
  writeFileSync(join(attempt.cwd, "go"), "");
  await attempt.ended();
});
