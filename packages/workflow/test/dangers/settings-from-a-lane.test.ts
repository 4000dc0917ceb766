import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { acceptConfig, addLaneFromJson, readConfig } from "../../src/index.ts";
import { probeResultSchema } from "../../src/probes/probe-result.ts";
import { equippedGarden } from "../environment/equipped-garden.ts";
import { grown } from "../grown.ts";
import { commits, contentAt, type Garden } from "../harness.ts";

const LIMITS = { freeDisk: "1MB", freeMemory: "1MB", idle: "2m" };
const shown = "printf '%s\n' \"PORT=$PORT DB=$DB NODE_OPTIONS=$NODE_OPTIONS\" > seen.txt";

/** Every setting that could make something run, or decide what a program is told. */
const planted = (marker: string) => ({
  limits: LIMITS,
  setup: ["touch", marker],
  setupInputs: ["x"],
  verify: [["touch", marker]],
  ports: ["PORT"],
  names: ["DB"],
  env: { NODE_OPTIONS: "--require=/x.js" },
  agents: { own: { command: ["touch", marker] } },
  agent: "own",
});

async function landedWith(g: Garden, config: object): Promise<void> {
  await g.add("setter", { command: commits({ "orch.config.jsonc": JSON.stringify(config) }) });
  await g.execute();
  expect((await g.merge()).landed).toHaveLength(1);
  expect(readFileSync(join(g.repo.path, "orch.config.jsonc"), "utf8")).toContain("setupInputs");
  await g.reopen();
}

test("settings that a landing brought run nothing and set nothing, and are shown, until they are accepted", async () => {
  await using g = await equippedGarden();
  const marker = join(g.repo.path, "..", "it ran");
  await landedWith(g, planted(marker));
  const { notAccepted } = await readConfig(g.place);
  expect(notAccepted.map(({ key }) => key).sort()).toEqual([
    "agent",
    "agents",
    "env",
    "names",
    "ports",
    "setup",
    "setupInputs",
    "verify",
  ]);
  await g.add("next", { command: `${shown}; ${commits({ "next.txt": "n" })}` });
  expect((await g.execute()).completed).toContain("next");
  await g.merge();
  expect([existsSync(marker), contentAt(join(g.worktree("next"), "seen.txt"))]).toEqual([
    false,
    "PORT= DB= NODE_OPTIONS=\n",
  ]);
});

test("control: once accepted the same settings run and set", async () => {
  await using g = await equippedGarden();
  const marker = join(g.repo.path, "..", "it ran");
  await landedWith(g, { ...planted(marker), env: { NODE_OPTIONS: "--no-warnings" } });
  await acceptConfig(g.place, await readConfig(g.place));
  await g.reopen();
  await g.add("next", { command: `${shown}; ${commits({ "next.txt": "n" })}` });
  await g.execute();
  expect(existsSync(marker)).toBe(true);
  expect(contentAt(join(g.worktree("next"), "seen.txt"))).toMatch(/^PORT=\d+ DB=\w+ NODE_OPTIONS=--no-warnings\n$/);
});

test("a configuration that cannot be read does not land, and its agent is told why; what nobody can read stops no command", async () => {
  await using g = await equippedGarden({ config: { attempts: 1 } });
  await g.add("agent", { command: commits({ "orch.config.jsonc": "{ broken" }) });
  await g.execute();
  expect((await g.lane("agent")).failure).toMatchObject({
    cause: "bad-config",
    reason: expect.stringMatching(/orch\.config\.jsonc:1:3: invalid JSON/),
  });
  await grown(g, "by-hand", { "orch.config.jsonc": '{"verfy": ["true"]}' });
  expect((await g.merge()).landed).toEqual([]);
  expect((await g.lane("by-hand")).merge).toMatchObject({
    cause: "bad-config",
    reason: expect.stringContaining('did you mean "verify"?'),
  });
  await g.reopen();
  expect((await g.merge()).landed).toEqual([]);
});

test.each([".worktreeinclude", "orch.config.jsonc"])(
  "a link or a folder in place of %s does not land",
  async (file) => {
    await using g = await equippedGarden();
    const change = (folder: string) => {
      rmSync(join(folder, file), { force: true });
      symlinkSync("/etc/hostname", join(folder, file));
    };
    await grown(g, "linked", { "a.txt": "1" }, { change });
    expect((await g.merge()).landed).toEqual([]);
    await grown(
      g,
      "folder",
      { [`${file}/b.txt`]: "1" },
      { change: (folder) => rmSync(join(folder, file), { force: true }) },
    );
    expect((await g.merge()).landed).toEqual([]);
    for (const id of ["linked", "folder"]) expect((await g.lane(id)).merge).toMatchObject({ cause: "bad-config" });
  },
);

test.each(["env", "setup", "setupInputs", "ports", "names", "pool", "sparse", "limits"])(
  "a lane's JSON cannot bring its own %s",
  async (key) => {
    await using g = await equippedGarden();
    const json = JSON.stringify({ tasks: ["x"], [key]: { A: "touch it" } });
    await expect(addLaneFromJson(g.orchard, "x", json, { replace: false, source: "lane" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining(key),
    });
    expect((await g.tracker()).lanes).toEqual({});
  },
);

test.each(["command", "agent", "env", "verify", "setup"])("a probe's result cannot bring its own %s", (key) => {
  const gap = { id: "g", title: "t", severity: "low", files: [], tasks: [], dependsOn: [] };
  const problems = (result: object) => JSON.stringify(probeResultSchema.safeParse(result).error?.issues ?? []);
  expect(problems({ [key]: "touch it", gaps: [] })).toContain(key);
  expect(problems({ gaps: [{ ...gap, [key]: "touch it" }] })).toContain(key);
});

test("what is written in variables and patterns is text: no shell reads it", async () => {
  const files = {
    ".gitignore": ".env\n",
    ".worktreeinclude": "$(touch it-ran)\n`touch it-ran`\n; touch it-ran\n.env\n",
  };
  await using g = await equippedGarden({
    files,
    config: { env: { V: "$(touch it-ran) `touch it-ran` ${ORCH_LANE}" } },
  });
  g.repo.write({ ".env": "1\n" });
  await g.add("a", { command: `printf '%s' "$V" > seen.txt; ${commits({ "a.txt": "a" })}` });
  await g.execute();
  expect(contentAt(join(g.worktree("a"), "seen.txt"))).toBe("$(touch it-ran) `touch it-ran` a");
  for (const folder of [g.repo.path, g.worktree("a")]) expect(existsSync(join(folder, "it-ran"))).toBe(false);
});
