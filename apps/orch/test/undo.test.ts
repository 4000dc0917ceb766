import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { happened } from "@orchard/tracker-core";
import { besideDriver, findPlace, openOrchard, record, undoOperations } from "@orchard/workflow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realPorts } from "../src/composition.ts";
import { type OrchSandbox, orchSandbox, shellLane, writes } from "./orch-sandbox.ts";

let sandbox: OrchSandbox;

beforeAll(async () => {
  sandbox = orchSandbox({ "README.md": "hello\n", "orch.config.jsonc": '{ "verify": ["true"] }\n' });
  await sandbox.ok("init");
  for (const id of ["a", "b"]) {
    const command = ["sh", "-c", `echo ${id} > same.txt && git add -A && git commit -qm ${id}`];
    await sandbox.ok("add-lane", id, JSON.stringify({ tasks: [id], parallel: true, command }));
  }
  await sandbox.ok("execute");
}, 120_000);

afterAll(() => sandbox[Symbol.dispose]());

interface Listed {
  readonly operations: readonly { readonly id: string; readonly command: string; readonly undoable: boolean }[];
}

test("orch conflicts shows who conflicts, and exits with 5", async () => {
  const ran = await sandbox.orch(["conflicts"]);
  expect(ran.stdout).toContain("⊗ a and b\n    same.txt  contents");
  expect(ran.code).toBe(5);
  expect((await sandbox.orch(["conflicts", "nobody"])).stderr).toContain("error[UNKNOWN_LANE]");
});

test("orch log lists operations, and orch undo takes them back, from any folder; undone twice it is as it was", async () => {
  await sandbox.ok("merge", "a");
  const after = sandbox.repo.git(["rev-parse", "main"]);
  const { operations } = await sandbox.json<Listed>("log");
  expect(operations[0]).toMatchObject({ command: "merge", undoable: true });
  expect(operations.find(({ command }) => command === "execute")).toMatchObject({ undoable: false });
  const refused = await sandbox.orch(["undo"]);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("error[NEEDS_YES]")]);
  const { id = "" } = operations[0] ?? {};
  expect((await sandbox.orch(["undo", id, "--revert"])).stderr).toContain(`orch undo ${id} --revert --dry-run`);
  expect(await sandbox.ok("undo", "--dry-run")).toContain("lane a is completed and not landed again");
  expect(sandbox.repo.git(["rev-parse", "main"])).toBe(after);
  const cwd = join(sandbox.repo.path, "sub folder");
  mkdirSync(cwd);
  expect((await sandbox.orch(["undo", "--yes"], { cwd })).stdout).toContain("To take that back: orch undo undo-");
  expect(sandbox.repo.git(["rev-parse", "main"])).not.toBe(after);
  expect(await sandbox.ok("log", "-n", "2")).toContain("taken back by undo-");
  await sandbox.ok("undo", "--yes");
  expect(sandbox.repo.git(["rev-parse", "main"])).toBe(after);
  expect(sandbox.repo.git(["status", "--porcelain"])).toBe("");
});

test("an undo that was cut off is finished by orch sync, and by no dry run", async () => {
  const orchard = await openOrchard(
    findPlace(sandbox.repo.path),
    realPorts(() => undefined),
    { by: "test" },
  );
  const worker = besideDriver(orchard, new AbortController().signal);
  const { plan } = await undoOperations(worker, { last: 1 }, { dryRun: true, revert: false });
  const undo = { ...plan, owner: { ...plan.owner, startTime: "0" } };
  await record(orchard, "undo begins", () => happened({ type: "undo-intended", undo }));
  await orchard[Symbol.asyncDispose]();
  await sandbox.ok("sync", "--dry-run");
  await sandbox.orch(["merge", "--dry-run"]);
  expect((await sandbox.orch(["doctor"])).stdout).toContain("[undo-cut-off]");
  await sandbox.ok("sync");
  expect((await sandbox.orch(["doctor"])).stdout).not.toContain("[undo-cut-off]");
});

test.each([
  [["undo", "everything"], "USAGE", 2],
  [["undo", "0"], "USAGE", 2],
  [["undo", "merge-00000000", "--yes"], "UNKNOWN_OPERATION", 2],
  [["undo", "99", "--yes"], "UNDO_REFUSED", 3],
])("orch %j is refused by name", async (args, code, exitCode) => {
  const ran = await sandbox.orch(args);
  expect([ran.code, ran.stdout]).toEqual([exitCode, ""]);
  expect(ran.stderr).toContain(`error[${code}]`);
  expect(ran.stderr).toMatch(/^hint: /m);
});

test("after orch reset, before orch init: rescue and log work, log says why nothing is undone, and orch undo says the same", async () => {
  using one = orchSandbox();
  await one.ok("init");
  await one.ok("add-lane", "a", shellLane(writes("a.txt", "a")));
  await one.ok("execute");
  await one.ok("reset", "--yes");
  expect(await one.ok("rescue", "list")).toContain("a/1");
  expect(await one.ok("rescue", "show", "a/1")).toContain("orch rescue restore a/1");
  const { operations } = await one.json<Listed>("log");
  expect(operations.filter(({ undoable }) => undoable)).toEqual([]);
  expect(operations[0]).toMatchObject({ command: "reset", why: expect.stringContaining("orch rescue list") });
  const refused = await one.orch(["undo", operations[0]?.id ?? "", "--yes"]);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("error[UNDO_REFUSED]")]);
  expect((await one.orch(["undo", "--yes"])).stderr).toContain("error[NOTHING_TO_UNDO]");
  expect(await one.ok("doctor")).toContain("Begin anew: orch init");
  await one.ok("rescue", "restore", "a/1");
  expect(existsSync(join(one.repo.path, ".worktrees/agent-a/a.txt"))).toBe(true);
  await one.ok("init");
  expect(await one.ok("log", "-n", "1")).toContain("init on refs/heads/main");
}, 60_000);
