import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { attemptFiles } from "../../src/attempt/attempt-files.ts";
import type { AttemptPlan } from "../../src/attempt/attempt-plan.ts";
import type { LoggedEvent } from "../../src/events/agent-event.ts";
import { EventDeriver } from "../../src/events/event-deriver.ts";

function planIn(folder: string, change: Partial<AttemptPlan> = {}): AttemptPlan {
  mkdirSync(folder, { recursive: true });
  const limits = { idleMs: 1, totalMs: 1, outputBytes: 1 << 20, graceMs: 1 };
  return { token: "t", folder, command: [], cwd: folder, env: {}, promptFile: "", stdin: "none", limits, ...change };
}

function derive(plan: AttemptPlan): readonly LoggedEvent[] {
  {
    using deriver = new EventDeriver(plan);
    deriver.finish();
  }
  const path = plan.logFile ?? attemptFiles(plan.folder).events;
  return readFileSync(path, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const textOf = (events: readonly LoggedEvent[]): string[] =>
  events.flatMap((one) => (one.type === "text" ? [one.text] : []));

test("lines of plain text become one event; stderr is told apart; the log may be elsewhere", () => {
  using folder = temporaryFolder();
  const plan = planIn(join(folder.path, "a"), { logFile: join(folder.path, "logs/l/1.ndjson") });
  writeFileSync(attemptFiles(plan.folder).raw, "one\ntwo\n");
  writeFileSync(attemptFiles(plan.folder).rawErrors, "oh\n");
  expect(derive(plan)).toMatchObject([
    { seq: 1, type: "text", from: "stdout", text: "one\ntwo" },
    { seq: 2, type: "text", from: "stderr", text: "oh" },
  ]);
});

test("derived twice, nothing comes twice; derived in between, nothing is missing", () => {
  using folder = temporaryFolder();
  const plan = planIn(folder.path);
  const { raw } = attemptFiles(folder.path);
  writeFileSync(raw, "one\n");
  derive(plan);
  appendFileSync(raw, "two\nthr");
  derive(plan);
  appendFileSync(raw, "ee\n");
  expect(textOf(derive(plan)).join("\n")).toBe("one\ntwo\nthr\nee");
});

test("no byte that a terminal acts on gets into the log, and no secret of the environment or by its shape", () => {
  using folder = temporaryFolder();
  const plan = planIn(folder.path, { env: { MY_API_TOKEN: "hunter2hunter2" }, secrets: ["the given one"] });
  const evil = "\u001b]52;c;aGk=\u0007 \u202e hunter2hunter2 the given one ghp_0123456789abcdefghijABCDEFGHIJ012345\n";
  writeFileSync(attemptFiles(folder.path).raw, evil);
  writeFileSync(attemptFiles(folder.path).rawErrors, evil);
  derive(plan);
  const log = readFileSync(attemptFiles(folder.path).events, "utf8");
  for (const part of ["hunter2", "the given one", "ghp_", "\u001b", "\u0007", "\u202e", "\\u001b"])
    expect(log).not.toContain(part);
  expect(log.match(/\[redacted\]/g)).toHaveLength(6);
});

test("past its cap the raw file is emptied, the position says so, nothing is lost and the disk stays free", () => {
  using folder = temporaryFolder();
  const plan = planIn(folder.path, { limits: { idleMs: 1, totalMs: 1, outputBytes: 100_000, graceMs: 1 } });
  const { raw } = attemptFiles(folder.path);
  const agent = openSync(raw, "a");
  using deriver = new EventDeriver(plan);
  for (let index = 0; index < 3000; index += 1) {
    writeSync(agent, `${String(index).padStart(99, " ")}\n`);
    if (index % 200 === 0) while (deriver.step());
  }
  deriver.finish();
  closeSync(agent);
  expect(statSync(raw).size).toBeLessThan(200_000);
  expect(deriver.outputBytes).toBe(300_000);
  const events = derive(plan);
  expect(events.filter((one) => one.type === "dropped" && !one.reason.startsWith("older"))).toEqual([]);
  expect(events.at(-1)?.read.raw.generation).toBeGreaterThan(0);
});

test.each([
  ["before the file was emptied", "one\ntwo\n", "one\ntwo\n", 0],
  ["before, and the agent went on meanwhile", "one\ntwo\n", "one\ntwo\nlost\n", 5],
  ["after the file was emptied", "one\ntwo\n", "", 0],
] as const)("killed %s, the next one neither repeats nor silently loses a line", (_when, before, after, dropped) => {
  using folder = temporaryFolder();
  const plan = planIn(folder.path);
  const { raw, events } = attemptFiles(folder.path);
  writeFileSync(raw, before);
  const bytes = derive(plan).at(-1)?.read.raw.offset ?? 0;
  const read = { raw: { generation: 1, offset: 0 }, rawErrors: { generation: 0, offset: 0 } };
  appendFileSync(events, `${JSON.stringify({ seq: 9, at: "", type: "emptied", file: "raw", bytes, read })}\n`);
  truncateSync(raw);
  appendFileSync(raw, after);
  derive(plan);
  expect(statSync(raw).size).toBe(0);
  appendFileSync(raw, "three\n");
  const all = derive(plan);
  expect(textOf(all)).toEqual(["one\ntwo", "three"]);
  expect(all.reduce((sum, one) => sum + (one.type === "dropped" ? one.bytes : 0), 0)).toBe(dropped);
});
