import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { orchSandbox } from "./orch-sandbox.ts";

const LANE = JSON.stringify({
  tasks: ["x"],
  command: ["sh", "-c", "echo y > b.txt && git add -A && git commit -qm work"],
});

test("doctor: a clean bill, then a damaged journal named with exit 3, mended, and all goes on", async () => {
  using box = orchSandbox();
  expect(await box.orch(["doctor"])).toMatchObject({ code: 3, stderr: expect.stringContaining("NOT_INITIALISED") });
  await box.ok("init");
  await box.ok("add-lane", "docs", LANE);
  await box.ok("execute");
  expect(await box.orch(["doctor"], { cwd: join(box.repo.path, ".worktrees", "agent-docs") })).toMatchObject({
    code: 0,
  });
  const journal = join(box.repo.path, ".git", "orch", "journal");
  const segment = join(journal, "000000000001.ndjson");
  const bytes = readFileSync(segment);
  bytes.fill(0x20, bytes.indexOf('"type":"lane-added"') - 20, bytes.indexOf('"type":"lane-added"') + 20);
  writeFileSync(segment, bytes);
  const refused = await box.orch(["merge"]);
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("hint: ") });
  expect(refused.stderr).toContain("orch doctor");
  const seen = await box.json<{ healthy: boolean; findings: { code: string; repairable: boolean }[] }>("doctor");
  expect(seen).toMatchObject({ healthy: false, findings: [{ code: "journal-damaged", repairable: true }] });
  expect(await box.orch(["doctor"])).toMatchObject({ code: 3 });
  const mended = await box.orch(["doctor", "--repair"]);
  expect(mended.stdout).toMatch(/Lost: record \d+/);
  expect(readdirSync(journal).some((name) => name.includes(".corrupt-"))).toBe(true);
  const left = await box.json<{ findings: { code: string; severity: string }[] }>("doctor");
  expect(left.findings.filter(({ severity }) => severity !== "info").map(({ code }) => code)).not.toContain(
    "journal-damaged",
  );
  expect(await box.ok("log")).toContain("doctor: journal-damaged");
});

test("gc explains every worktree and branch, empties only what is old, and rescue refs stay", async () => {
  using box = orchSandbox();
  await box.ok("init");
  await box.ok("add-lane", "docs", LANE);
  await box.ok("execute");
  const held = await box.json<{ held: { name: string; standing: string }[] }>("gc", "--explain");
  expect(held.held).toMatchObject([
    { kind: "worktree", name: ".worktrees/agent-docs", standing: "live", bytes: expect.any(Number) },
    { kind: "branch", name: "lane-docs", standing: "live" },
  ]);
  await box.ok("merge");
  expect(await box.ok("gc", "--explain")).toMatch(/agent-docs +merged .*all its commits are in the base/);
  await box.ok("cleanup");
  const trash = join(box.repo.path, ".git", "orch", "trash", "docs-1");
  expect(await box.json("gc")).toMatchObject({ trash: [], kept: [{ path: trash }] });
  const entry = JSON.parse(readFileSync(join(trash, "rescue.json"), "utf8"));
  writeFileSync(join(trash, "rescue.json"), JSON.stringify({ ...entry, removedAt: "2020-01-01T00:00:00.000Z" }));
  expect(await box.json("gc", "--dry-run")).toMatchObject({ trash: [{ path: trash }] });
  expect(readdirSync(join(trash, ".."))).toContain("docs-1");
  expect(await box.ok("gc")).toContain("its commits stay pinned");
  expect(readdirSync(join(trash, ".."))).toEqual([]);
  expect(box.repo.git(["rev-parse", "refs/orch/rescue/docs/1"])).toMatch(/^[0-9a-f]{40}$/);
  expect(await box.ok("rescue", "list")).toContain("only its commits are kept");
});

test("agents: what is on the PATH, its version, and what the accepted configuration adds; also outside of a repository", async () => {
  using box = orchSandbox();
  const bin = join(box.repo.path, "..", "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "claude"), "#!/bin/sh\necho '2.1.329 (Claude Code)'\n", { mode: 0o755 });
  box.repo.write({
    "orch.config.jsonc": '{ "agents": { "mine": { "command": ["my-agent", "-p"] } }, "agent": "mine" }',
  });
  await box.ok("init");
  const env = { PATH: `${bin}:${process.env["PATH"]}` };
  const { stdout, code } = await box.orch(["agents", "--json"], { env });
  expect(code).toBe(0);
  const { agents, chosen } = JSON.parse(stdout) as { agents: { name: string }[]; chosen: string };
  expect(chosen).toBe("mine");
  expect(agents).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: "claude", path: join(bin, "claude"), version: "2.1.329", from: "installed" }),
      expect.objectContaining({ name: "codex", from: "missing" }),
      expect.objectContaining({ name: "mine", path: "my-agent -p", from: "config" }),
    ]),
  );
  rmSync(join(bin, "claude"));
  expect(await box.orch(["agents"], { cwd: bin, env: { PATH: "/usr/bin:/bin" } })).toMatchObject({ code: 0 });
});

test("completion: bash, with the words of this repository, from any folder of it", async () => {
  using box = orchSandbox({ "a/b/c.txt": "1" });
  await box.ok("init");
  await box.ok("add-lane", "docs", LANE);
  await box.ok("status");
  const script = join(box.repo.path, "..", "orch.bash");
  writeFileSync(script, await box.ok("completion", "bash"));
  const complete = (...words: string[]) => {
    const line = words.map((word) => `'${word}'`).join(" ");
    const text = `source ${JSON.stringify(script)}; COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _orch; echo "\${COMPREPLY[*]}"`;
    return execFileSync("bash", ["--norc", "-c", text], { encoding: "utf8", cwd: box.repo.path }).trim();
  };
  expect(complete("orch", "doc")).toBe("doctor");
  expect(complete("orch", "completion", "")).toBe("bash zsh fish");
  const { stdout } = await box.orch(["__complete", "lanes"], { cwd: join(box.repo.path, "a", "b") });
  expect(stdout).toBe("docs\n");
  writeFileSync(join(box.repo.path, ".orchestration", "tracker.json"), '{"lanes": {"$(touch gone)": {}, "ok": {}}}');
  expect((await box.orch(["__complete", "lanes"])).stdout).toBe("ok\n");
  expect(await box.orch(["__complete", "nonsense"])).toMatchObject({ code: 0, stdout: "" });
  expect(await box.orch(["completion", "tcsh"])).toMatchObject({ code: 2 });
});
