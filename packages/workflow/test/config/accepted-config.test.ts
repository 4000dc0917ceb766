import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gitRepo } from "@orchard/testkit";
import { expect, test } from "vitest";
import { acceptConfig, acceptSettings, findPlace, readConfig, readSettings } from "../../src/index.ts";

const FILE = "orch.config.jsonc";

test("a hand edit of a command is not used until it is accepted, and is shown until then", async () => {
  using repo = gitRepo({ [FILE]: '{ "verify": ["make check"], "maxParallel": 2 }' });
  const place = findPlace(repo.path);
  await acceptConfig(place, await readConfig(place));
  expect((await readConfig(place)).notAccepted).toEqual([]);

  repo.write({ [FILE]: '{ "verify": ["curl evil"], "maxParallel": 3, "env": { "X": "1" } }' });
  const edited = await readConfig(place);
  expect(edited.config).toMatchObject({ verify: ["make check"], maxParallel: 3, env: {} });
  expect(edited.notAccepted).toEqual([
    { key: "verify", accepted: ["make check"], found: ["curl evil"] },
    { key: "env", accepted: null, found: { X: "1" } },
  ]);

  const hash = await acceptConfig(place, await readConfig(place));
  const accepted = await readConfig(place);
  expect(accepted).toMatchObject({ config: { verify: ["curl evil"], env: { X: "1" } }, notAccepted: [], hash });
});

test("what is accepted is what was read and shown, whatever is written there before it is kept", async () => {
  using repo = gitRepo({ [FILE]: '{ "verify": ["shown"] }' });
  const place = findPlace(repo.path);
  const [config, git] = [await readConfig(place), await readSettings(place)];
  repo.write({ [FILE]: '{ "verify": ["written meanwhile"] }' });
  repo.git(["config", "filter.mine.clean", "written-meanwhile"]);
  await acceptConfig(place, config);
  await acceptSettings(place, git);
  expect(await readConfig(place)).toMatchObject({
    config: { verify: ["shown"] },
    notAccepted: [{ key: "verify", found: ["written meanwhile"] }],
  });
  expect((await readSettings(place)).notAccepted).toMatchObject([{ value: "written-meanwhile" }]);
});

test("a comment or a space more is no change of a setting", async () => {
  using repo = gitRepo({ [FILE]: '{"verify":["a"]}' });
  const place = findPlace(repo.path);
  await acceptConfig(place, await readConfig(place));
  repo.write({ [FILE]: '{\n  // why\n  "verify": [ "a" ],\n}' });
  expect((await readConfig(place)).notAccepted).toEqual([]);
});

test("a deleted file does not take the accepted commands away without a word", async () => {
  using repo = gitRepo({ [FILE]: '{"verify":["a"]}' });
  const place = findPlace(repo.path);
  await acceptConfig(place, await readConfig(place));
  rmSync(join(repo.path, FILE));
  expect(await readConfig(place)).toMatchObject({
    config: { verify: ["a"] },
    notAccepted: [{ key: "verify", accepted: ["a"], found: null }],
  });
});

test("a file that is wrong is refused with its name and line, and nothing is accepted", async () => {
  using repo = gitRepo({ [FILE]: '{"verify":["a"]}' });
  const place = findPlace(repo.path);
  await acceptConfig(place, await readConfig(place));
  appendFileSync(join(repo.path, FILE), "\n}");
  await expect(readConfig(place)).rejects.toMatchObject({
    code: "INVALID_INPUT",
    message: /^orch\.config\.jsonc:2:1: /,
  });
  expect(readFileSync(join(place.stateDir, "config", "accepted.jsonc"), "utf8")).toBe('{"verify":["a"]}');
});

test("an accepted copy that nobody can read lets nothing run, and is accepted anew", async () => {
  using repo = gitRepo({ [FILE]: '{"verify":["a"]}' });
  const place = findPlace(repo.path);
  await acceptConfig(place, await readConfig(place));
  writeFileSync(join(place.stateDir, "config", "accepted.jsonc"), '{"ofALaterVersion": 1}');
  await expect(readConfig(place)).rejects.toMatchObject({ code: "ACCEPTED_CONFIG_UNREADABLE" });
  const reading = await readConfig(place, { anew: true });
  expect(reading).toMatchObject({ config: { verify: [] }, notAccepted: [{ key: "verify", accepted: null }] });
  await acceptConfig(place, reading);
  expect((await readConfig(place)).config.verify).toEqual(["a"]);
});

test("an empty file is a file of defaults", async () => {
  using repo = gitRepo({ [FILE]: "\n" });
  expect((await readConfig(findPlace(repo.path))).config.maxParallel).toBe(4);
});

test("the accepted copy lies outside of every checkout, and only its owner reads it", async () => {
  using repo = gitRepo({ [FILE]: "{}" });
  const place = findPlace(repo.path);
  await acceptConfig(place, await readConfig(place));
  const copy = join(place.stateDir, "config", "accepted.jsonc");
  expect(copy).toContain("/.git/orch/");
  expect(statSync(copy).mode & 0o077).toBe(0);
});
