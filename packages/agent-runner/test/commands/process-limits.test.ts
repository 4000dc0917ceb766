import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomToken } from "@orchard/host";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { type LimitsOffered, limitCommand, limitsOffered, type ProcessLimits, runCommand } from "../../src/index.ts";

const PATH = process.env["PATH"] ?? "";
const NOTHING: LimitsOffered = { scope: { cpu: false, memory: false }, prlimit: undefined };
const EVERYTHING: LimitsOffered = { scope: { cpu: true, memory: true }, prlimit: "/usr/bin/prlimit" };

const limited = (limits: ProcessLimits, offered: LimitsOffered) =>
  limitCommand(["agent", "--x"], limits, { env: {}, offered });

async function outputOf(command: readonly string[], limits: ProcessLimits, env: Record<string, string> = {}) {
  using folder = temporaryFolder();
  const outputFile = join(folder.path, "output.log");
  const options = { cwd: folder.path, env: { PATH, ...env }, timeoutMs: 60_000, outputFile, mark: randomToken() };
  const { code, spawnError } = await runCommand({ command, limits, ...options });
  return { code, spawnError, output: readFileSync(outputFile, "utf8") };
}

test("without limits a command is started as it is", () => {
  expect(limited({}, EVERYTHING)).toEqual({ command: ["agent", "--x"], remarks: [] });
  expect(limited({ nice: 0 }, NOTHING)).toEqual({ command: ["agent", "--x"], remarks: [] });
});

test("with a manager of the user's the whole tree is limited, and nothing has to be said", () => {
  const scope = ["systemd-run", "--user", "--scope", "--quiet", "--collect"];
  const properties = ["-p", "CPUQuota=150%", "-p", "MemoryMax=1000", "-p", "MemorySwapMax=0", "--"];
  expect(limited({ nice: 5, cpus: 1.5, memoryBytes: 1000 }, EVERYTHING)).toEqual({
    command: ["nice", "-n", "5", ...scope, ...properties, "agent", "--x"],
    remarks: [],
  });
});

test("what the machine cannot keep is left out and said in words", () => {
  const { command, remarks } = limited({ nice: 5, cpus: 1, memoryBytes: 1000 }, NOTHING);
  expect(command).toEqual(["nice", "-n", "5", "agent", "--x"]);
  expect(remarks).toEqual([
    expect.stringMatching(/^"cpu" is not kept on this machine/),
    expect.stringMatching(/^"memory" is not kept on this machine/),
  ]);
  const alone = { ...NOTHING, prlimit: "/usr/bin/prlimit" };
  expect(limited({ memoryBytes: 2 ** 31 }, alone)).toEqual({
    command: ["/usr/bin/prlimit", "--data=2147483648", "agent", "--x"],
    remarks: [expect.stringMatching(/for each process alone/)],
  });
  expect(limited({ memoryBytes: 2 ** 29 }, alone)).toEqual({
    command: ["agent", "--x"],
    remarks: [expect.stringMatching(/^"memory" below 1 GB is not kept/)],
  });
});

test("a command steps back for others, and so does what it starts", async () => {
  const { output } = await outputOf(["sh", "-c", "nice; sh -c nice"], { nice: 7 });
  const own = Number((await outputOf(["nice"], {})).output);
  expect(output.trim().split("\n").map(Number)).toEqual([Math.min(19, own + 7), Math.min(19, own + 7)]);
});

test("a program that is not there is named, with limits too", async () => {
  const { spawnError } = await outputOf(["no-such-program"], { nice: 7 });
  expect(spawnError).toMatch(/^no-such-program could not be started/);
});

test.skipIf(limitsOffered({ PATH }).prlimit === undefined)(
  "a process that takes more memory than it may is refused it; one that does not is left alone",
  async () => {
    const limits = { memoryBytes: 2 ** 30 };
    const takes =
      "const all = []; for (let i = 0; i < 30; i++) all.push(Buffer.allocUnsafeSlow(50 << 20)); console.log('had it')";
    const greedy = await outputOf([process.execPath, "-e", takes], limits);
    expect([greedy.code === 0, greedy.output.includes("had it")]).toEqual([false, false]);
    const modest = await outputOf([process.execPath, "-e", "console.log('had it')"], limits);
    expect([modest.code, modest.output]).toEqual([0, "had it\n"]);
  },
);

test("a runtime folder that may not be looked into offers nothing, and a command without these limits asks for nothing", () => {
  using folder = temporaryFolder();
  const program = join(folder.path, "systemd-run");
  writeFileSync(program, "#!/bin/sh\n");
  chmodSync(program, 0o755);
  const runtime = join(folder.path, "runtime");
  // As another user's folder does: a look at what is in it fails.
  symlinkSync(runtime, runtime);
  const env = { PATH: folder.path, XDG_RUNTIME_DIR: runtime };
  expect(limitsOffered(env)).toEqual(NOTHING);
  const unreadable = new Proxy(env, {
    get: () => {
      throw new Error("looked");
    },
  });
  expect(limitCommand(["agent"], { nice: 1 }, { env: unreadable }).command).toEqual(["nice", "-n", "1", "agent"]);
  expect(() => limitCommand(["agent"], { cpus: 1 }, { env: unreadable })).toThrow("looked");
});

test("a systemd that is asked gets the command behind its own options, and is become by exec", async () => {
  using folder = temporaryFolder();
  const fake = join(folder.path, "systemd-run");
  writeFileSync(fake, '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n');
  chmodSync(fake, 0o755);
  const env = { PATH: `${folder.path}:${PATH}` };
  const { command } = limitCommand(["printf", "%s|", "a b"], { cpus: 1 }, { env, offered: EVERYTHING });
  const { output } = await outputOf(command, {}, env);
  expect(output).toBe("a b|");
});
