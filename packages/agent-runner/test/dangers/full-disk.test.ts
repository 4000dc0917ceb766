import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { EventLog } from "../../src/events/event-log.ts";
import { testAttempt } from "../support/attempt.ts";

const START = { raw: { generation: 0, offset: 0 }, rawErrors: { generation: 0, offset: 0 } };

test("an agent whose log cannot be written runs to its end, which is told", async () => {
  await using attempt = await testAttempt({ command: "echo a; sleep 0.3; echo b; exit 4", logFile: "/dev/full" });
  await attempt.start();
  expect(await attempt.ended()).toMatchObject({ outcome: "exited", code: 4 });
});

test("negative control: writing there does fail", () => {
  expect(() => writeFileSync("/dev/full", "x")).toThrow("ENOSPC");
});

test("a log that is removed while the agent runs begins anew, with its numbers going on", async () => {
  using place = temporaryFolder();
  const logFile = join(place.path, "logs", "lane", "1.ndjson");
  const command = "echo before; until [ -e go ]; do sleep 0.05; done; echo after";
  await using attempt = await testAttempt({ command, logFile });
  await attempt.start();
  await until("it is there", async () => (await attempt.text()).includes("before"));
  rmSync(dirname(dirname(logFile)), { recursive: true });
  writeFileSync(join(attempt.cwd, "go"), "");
  await attempt.ended();
  expect(await attempt.events()).toMatchObject([{ seq: 2, text: "after" }]);
});

test("events that could not be written are told as dropped by the next that can", () => {
  using place = temporaryFolder();
  const path = join(place.path, "logs", "events.ndjson");
  const log = new EventLog(path, 1 << 20);
  log.append({ type: "text", from: "stdout", text: "first" }, START);
  // A file in the place of the folder: the log can neither be found nor made anew.
  rmSync(dirname(path), { recursive: true });
  writeFileSync(dirname(path), "");
  log.append({ type: "text", from: "stdout", text: "lost" }, START);
  rmSync(dirname(path));
  mkdirSync(dirname(path));
  log.append({ type: "text", from: "stdout", text: "last" }, START);
  log.close();
  const lines = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { seq: 2, type: "dropped" },
    { seq: 3, text: "last" },
  ]);
});

test("where nothing can be written down no agent is let run, and that is told", async () => {
  using place = temporaryFolder();
  writeFileSync(join(place.path, "file"), "");
  await using attempt = await testAttempt({ command: "echo ran > ran.txt", logFile: join(place.path, "file", "log") });
  await attempt.start();
  const end = await attempt.ended();
  expect(end).toMatchObject({ outcome: "spawnFailed" });
  expect(end.reason).toContain("could not be written down");
  expect(() => readFileSync(join(attempt.cwd, "ran.txt"))).toThrow("ENOENT");
});
