import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Sandbox, sandbox } from "./support/sandbox.ts";

let place: Sandbox;
const MANY = Array.from({ length: 2_000 }, (_, n) => `- [ ] T${String(n + 1).padStart(4, "0")} work on it\n`).join("");

beforeAll(async () => {
  place = await sandbox(MANY);
  await place.ok(["layer-status"]);
});
afterAll(() => place[Symbol.dispose]());

/** `quick`: answered from the views; the other way through the whole program. */
const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ["quick", ["available-tasks", "--json"]],
  ["whole", ["supervise", "--json"]],
];

async function runInto(stdout: number | "pipe", args: readonly string[]) {
  const child = spawn(process.execPath, [inject("orbitAgent"), ...args], {
    cwd: place.repo.path,
    stdio: ["ignore", stdout, "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", ORBIT_AGENT: "", ORBIT_SPEC: "" },
  });
  // A reader that has left before the first byte.
  child.stdout?.destroy();
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}

test.each(COMMANDS)("a reader that has left is no error (%s)", async (_way, args) => {
  expect(await runInto("pipe", args)).toEqual({ code: 0, stderr: "" });
});

test.runIf(existsSync("/dev/full")).each(COMMANDS)(
  "an output that is full ends with 1 and says that the answer could not be written (%s)",
  async (_way, args) => {
    const full = openSync("/dev/full", "w");
    try {
      const { code, stderr } = await runInto(full, args);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error.*: The answer could not be written: .*ENOSPC/i);
      expect(stderr).not.toContain(" at ");
    } finally {
      closeSync(full);
    }
  },
);
