import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrchSandbox, orchSandbox, shellLane } from "./orch-sandbox.ts";

let sandbox: OrchSandbox;
let operation: string;

beforeAll(async () => {
  sandbox = orchSandbox();
  await sandbox.ok("init");
  await sandbox.ok("add-lane", "known", shellLane("true"));
  await sandbox.ok("add-lane", "lost", shellLane("true"));
  await sandbox.ok("add-lane", "last", shellLane("true"));
  const { operations } = await sandbox.json<{ operations: { id: string }[] }>("log");
  operation = operations[1]?.id ?? "";
  damage(sandbox, '"lane":"lost"');
});

afterAll(() => sandbox[Symbol.dispose]());

test.each<[string, readonly string[], RegExp]>([
  ["all lanes", ["status"], /known/],
  ["one lane", ["status", "known"], /known/],
  ["why", ["why", "known"], /can start/],
  ["log", ["log"], /known/],
  ["monitor", ["monitor"], /known/],
  ["logs", ["logs", "known"], /not been attempted/],
  ["conflicts", ["conflicts"], /./],
  ["what would start", ["execute", "--dry-run"], /known would start/],
  ["what would be taken back", ["undo", "--dry-run"], /known/],
])("on a damaged journal %s shows what is there, warns on stderr and ends with 3", async (_, args, shows) => {
  const ran = await sandbox.orch(args);
  expect(ran.stdout).toMatch(shows);
  expect(ran.stdout).not.toContain("JOURNAL_DAMAGED");
  expect(ran.stderr.match(/error\[JOURNAL_DAMAGED\]/g)).toHaveLength(1);
  expect(ran.stderr).toMatch(/^hint: .*orch doctor/m);
  expect(ran.code).toBe(3);
});

test("on a damaged journal --json has the trouble beside what is there", async () => {
  const ran = await sandbox.orch(["status", "--json"]);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    data: { lanes: { known: {} } },
    trouble: { code: "JOURNAL_DAMAGED", hint: expect.stringContaining("orch doctor") },
  });
  expect(ran.code).toBe(3);
});

test.each<[readonly string[]]>([
  [["why", "lost"]],
  [["diff", "lost"]],
  [["exec-lane", "lost", "--dry-run"]],
  [["undo", "OPERATION", "--dry-run"]],
  [["stop", "lost"]],
])("on a damaged journal orch %j says that it is damaged, not that there is no such thing", async (given) => {
  const args = given.map((word) => (word === "OPERATION" ? operation : word));
  const told = await sandbox.orch(args);
  expect(told.stderr.match(/error\[\w+\]/g)).toEqual(["error[JOURNAL_DAMAGED]"]);
  expect(told.code).toBe(3);
  const ran = await sandbox.orch([...args, "--json"]);
  expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: "JOURNAL_DAMAGED" } });
  expect(ran.code).toBe(3);
});

test("on a damaged journal bad input is told as bad input", async () => {
  const ran = await sandbox.orch(["exec-lane", "../x"]);
  expect(ran.stderr).toContain("error[BAD_ID]");
  expect(ran.code).toBe(2);
});

/** Overwrites the first byte of `place` where a record in the middle of the journal first says it. */
function damage({ repo }: OrchSandbox, place: string): void {
  const folder = join(repo.path, ".git", "orch", "journal");
  const path = join(folder, readdirSync(folder).filter((name) => name.endsWith(".ndjson"))[0] ?? "");
  const bytes = readFileSync(path);
  const at = bytes.indexOf(place);
  if (at < 0) throw new Error(`The journal does not say ${place}.`);
  bytes[at] = 0x58;
  writeFileSync(path, bytes);
}
