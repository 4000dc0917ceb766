import { existsSync } from "node:fs";
import { join } from "node:path";
import { startNode, until } from "@orchard/testkit";
import { expect, inject, test } from "vitest";
import { orchSandbox } from "./orch-sandbox.ts";

interface ProbesAnswer {
  readonly probes: readonly { readonly probe: string; readonly kind: string; readonly gaps?: number }[];
  readonly reading: {
    readonly results: readonly {
      readonly gaps: readonly { readonly id: string; readonly files: readonly string[] }[];
    }[];
  };
}

const FILES = {
  "README.md": "# It\n\nSee [the guide](guide.md).\n\n## Usage\n\nUse it.\n",
  "sub/a.js": "export const a = () => 1; // TODO: two\n",
};

test("probes are run by orch itself, from any folder, and what they found lands on the base", async () => {
  using sandbox = orchSandbox(FILES);
  await sandbox.ok("init");
  const sub = `${sandbox.repo.path}/sub`;
  const { code, stdout, stderr } = await sandbox.orch(["probes", "todo", "docs"], { cwd: sub });
  expect({ code, stderr: stderr.includes("landed as") }).toEqual({ code: 0, stderr: true });
  expect(stdout).toContain("✓ todo: 1 gap\n✓ docs: 1 gap\n");
  expect(stdout).toContain("TODO: two");
  expect(stdout).toContain("Next: orch plan");
  expect(sandbox.repo.git(["status", "--porcelain"])).toBe("");
  expect(sandbox.repo.read("docs/_generated/docs.md")).toContain("README.md:3");
  const again = await sandbox.json<ProbesAnswer>("probes", "todo");
  expect(again.probes).toEqual([{ probe: "todo", kind: "done", gaps: 1 }]);
  expect(again.reading.results.flatMap(({ gaps }) => gaps.flatMap(({ files }) => files)).sort()).toEqual([
    "README.md",
    "sub/a.js",
  ]);
});

test("what would run is said without running it; a probe that is not there is told with the nearest one", async () => {
  using sandbox = orchSandbox({ ...FILES, "orch.config.jsonc": '{"probes": {"own": ["./look"], "docs": false}}' });
  await sandbox.ok("init");
  expect(await sandbox.ok("probes", "--dry-run")).toBe(
    "→ project would run: built-in\n→ todo would run: built-in\n→ untested would run: built-in\n→ open-tasks would run: built-in\n→ own would run: command ./look\n",
  );
  const unknown = await sandbox.orch(["probes", "tood"]);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("Did you mean: orch probes todo") });
  expect((await sandbox.orch(["probes", "docs"])).code).toBe(3);
  expect(await sandbox.json("status")).toMatchObject({ data: { lanes: {} } });
});

test("how orch starts its own probes is in no help and does nothing when it is called by hand", async () => {
  using sandbox = orchSandbox(FILES);
  expect((await sandbox.orch(["--help"])).stdout).not.toContain("built-in-probe");
  const byHand = await sandbox.orch(["built-in-probe", "todo"]);
  expect(byHand).toMatchObject({ code: 2, stderr: expect.stringContaining("Run: orch probes") });
});

test("orch is killed while a probe runs: resume goes on with that very run", async () => {
  const slow = `echo . >> "$ORCH_REPO/../ran"; while [ ! -e "$ORCH_REPO/../go" ]; do sleep 0.05; done; echo '{"probe": "slow", "gaps": []}' > "$ORCH_PROBE_RESULT"`;
  using sandbox = orchSandbox({ ...FILES, "orch.config.jsonc": JSON.stringify({ probes: { slow } }) });
  await sandbox.ok("init");
  const orch = startNode(inject("orch"), ["probes", "todo", "slow"], { cwd: sandbox.repo.path });
  const ran = () => (existsSync(join(sandbox.repo.path, "..", "ran")) ? sandbox.repo.read("../ran") : "");
  await until("the slow probe runs", () => ran() === ".\n", { within: 60_000 });
  orch.child.kill("SIGKILL");
  await orch.ended;
  sandbox.repo.write({ "../go": "" });
  expect(await sandbox.json("resume", "--dry-run")).toMatchObject({
    would: { phase: "probes", probes: ["todo", "slow"] },
  });
  const resumed = await sandbox.orch(["resume"]);
  expect(resumed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("✓ todo: 1 gap\n✓ slow: nothing is missing\n"),
  });
  expect(ran()).toBe(".\n");
  expect(sandbox.repo.git(["status", "--porcelain"])).toBe("");
});
