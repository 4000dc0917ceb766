import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processesMarked, randomToken } from "@orchard/host";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { ATTEMPT_MARK, type CommandResult, type RunCommandOptions, runCommand } from "../../src/index.ts";

const ENV = { PATH: process.env["PATH"] ?? "" };

async function run(
  change: Partial<RunCommandOptions>,
): Promise<CommandResult & { readonly output: string; readonly left: number }> {
  using folder = temporaryFolder();
  const outputFile = join(folder.path, "output.log");
  const mark = randomToken();
  const options = { command: "true", cwd: folder.path, env: ENV, timeoutMs: 60_000, outputFile, mark, ...change };
  const result = await runCommand(options);
  const left = processesMarked(ATTEMPT_MARK, mark).length;
  return { ...result, output: readFileSync(outputFile, "utf8"), left };
}

const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");

test("code, output, its digest and its end are told", async () => {
  const result = await run({ command: "echo out; echo err >&2; exit 5" });
  expect(result).toMatchObject({ code: 5, signal: null, timedOut: false, aborted: false, bytes: 8 });
  expect(result.output.split("\n").sort()).toEqual(["", "err", "out"]);
  expect(result.tail).toBe(result.output);
  expect(result.spawnError).toBeUndefined();
});

test("the digest is of the bytes as they were printed, whatever the file shows", async () => {
  const result = await run({ command: ["printf", "a\\033[1mb\\n"] });
  expect(result.digest).toBe(digestOf("a\u001b[1mb\n"));
  expect(result.output).toBe("a\\x1b[1mb\n");
});

test("arguments reach the program unchanged, and there is nothing on stdin", async () => {
  expect((await run({ command: ["printf", "%s|", "a b", "$HOME;"] })).output).toBe("a b|$HOME;|");
  expect((await run({ command: "cat; echo end" })).output).toBe("end\n");
});

test("at the time limit the whole tree is ended, also what is deaf to SIGTERM and left its session", async () => {
  const command =
    "trap '' TERM; setsid sh -c 'trap \"\" TERM; while :; do sleep 0.1; done' & while :; do sleep 0.1; done";
  const result = await run({ command, timeoutMs: 500, graceMs: 200 });
  expect(result).toMatchObject({ timedOut: true, aborted: false, left: 0 });
});

test("what a command leaves in the background is ended with it, and does not hold it up", async () => {
  const result = await run({ command: "sleep 600 & setsid sleep 600 & echo done" });
  expect(result).toMatchObject({ code: 0, output: "done\n", left: 0 });
});

test("who got out of reach and holds the output does not hold the command up", async () => {
  const result = await run({ command: "env -i setsid sleep 3 & sleep 0.2; echo done" });
  expect(result).toMatchObject({ code: 0, output: "done\n" });
  expect(result.elapsedMs).toBeLessThan(60_000);
});

test("who gives up waiting ends the command", async () => {
  const stop = new AbortController();
  using folder = temporaryFolder();
  const outputFile = join(folder.path, "output.log");
  const mark = randomToken();
  const running = runCommand({
    command: "sleep 600",
    cwd: folder.path,
    env: ENV,
    timeoutMs: 60_000,
    outputFile,
    mark,
    signal: stop.signal,
  });
  await until("it runs", () => processesMarked(ATTEMPT_MARK, mark).length > 0);
  stop.abort();
  expect(await running).toMatchObject({ aborted: true, timedOut: false, code: null, signal: "SIGTERM" });
  expect(await run({ command: "sleep 600", signal: AbortSignal.abort() })).toMatchObject({ aborted: true, left: 0 });
});

test.each<[string, Partial<RunCommandOptions>]>([
  ["a program that does not exist", { command: ["no-such-program-here"] }],
  ["a working folder that does not exist", { cwd: "/no/such/folder" }],
  ["arguments that are too long", { command: ["echo", "x".repeat(3_000_000)] }],
])("%s is a value with a sentence", async (_what, change) => {
  const result = await run(change);
  expect(result).toMatchObject({ code: null, signal: null, bytes: 0 });
  expect(result.spawnError).toMatch(/ENOENT|E2BIG/);
});

test("past the cap the file keeps the beginning, the tail the end, the digest all of it", async () => {
  const result = await run({ command: "yes 0123456789 | head -c 5000000; echo; echo THE END", outputBytes: 100_000 });
  const all = `${"0123456789\n".repeat(500_000).slice(0, 5_000_000)}\nTHE END\n`;
  expect(result.digest).toBe(digestOf(all));
  expect(result.bytes).toBe(all.length);
  expect(result.output.length).toBeLessThan(300_000);
  expect(result.tail).toHaveLength(4096);
  expect(result.tail).toContain("THE END");
});

test("secrets of the environment reach neither file nor tail; the file is for its user's eyes only", async () => {
  using folder = temporaryFolder();
  const outputFile = join(folder.path, "output.log");
  writeFileSync(outputFile, "old", { mode: 0o644 });
  const env = { ...ENV, DEPLOY_TOKEN: "hunter2hunter2" };
  const { tail } = await runCommand({
    command: "env",
    cwd: folder.path,
    env,
    timeoutMs: 60_000,
    outputFile,
    mark: "m",
  });
  expect(tail + readFileSync(outputFile, "utf8")).not.toMatch(/hunter2|old/);
  expect(statSync(outputFile).mode & 0o777).toBe(0o600);
});
