import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findConflicts } from "../../src/index.ts";
import { grown } from "../grown.ts";
import { contentAt, garden } from "../harness.ts";

/** Dependencies in one file, and a lock file made of it whose lines all stand beside each other. */
const DEPS = "b\n\n\n\nm\n\n\n\nz\n";
const lockOf = (deps: string) => `${deps.split("\n").filter(Boolean).join("@1 ")}@1\n`;
const MAKE = 'echo $(for d in $(cat deps.txt); do echo "$d@1"; done) > lock.txt; echo litter > litter.txt';
const FILES = { "deps.txt": DEPS, "lock.txt": lockOf(DEPS) };
const VERIFY = { verify: ['for d in $(cat deps.txt); do grep -q "$d@1" lock.txt || exit 1; done'] };

const withDeps = (deps: string) => ({ "deps.txt": deps, "lock.txt": lockOf(deps) });
const ONE = withDeps(DEPS.replace("b\n", "a\nb\n"));
const TWO = withDeps(DEPS.replace("z\n", "y\nz\n"));

test("two lanes that add different dependencies both land, with a lock file that holds both", async () => {
  await using g = await garden({ config: { ...VERIFY, regenerate: { "lock.txt": MAKE } }, files: FILES });
  await grown(g, "one", ONE);
  await grown(g, "two", TWO);
  const anew = [{ a: "one", b: "two", files: [{ path: "lock.txt" }] }];
  expect(await findConflicts(g.orchard)).toMatchObject({ conflicts: [], madeAnew: anew });
  expect((await g.merge()).landed).toMatchObject([{ lane: "one" }, { lane: "two", verified: true }]);
  expect(g.repo.read("lock.txt")).toBe("a@1 b@1 m@1 y@1 z@1\n");
  expect((await g.lane("two")).merge).toMatchObject({ evidence: { regenerated: ["lock.txt"] } });
  expect(g.events).toContainEqual({ type: "regenerated", subject: "two", files: ["lock.txt"] });
  expect(contentAt(join(g.repo.path, "litter.txt"))).toBeUndefined();
});

test("control: without a command for it the second lane is in conflict over the lock file", async () => {
  await using g = await garden({ config: VERIFY, files: FILES });
  await grown(g, "one", ONE);
  await grown(g, "two", TWO);
  expect(await findConflicts(g.orchard)).toMatchObject({ conflicts: [{ a: "one", b: "two" }], madeAnew: [] });
  expect((await g.merge()).conflicted).toMatchObject([{ lane: "two", conflict: { files: ["lock.txt"] } }]);
});

test("a lock file that git would merge by itself is made anew too, when both sides changed it", async () => {
  const spread = (text: string) => text.replaceAll("@1 ", "@1\n\n\n\n");
  const make = `${MAKE}; tr ' ' '\\n' < lock.txt > x && mv x lock.txt`;
  const files = { "deps.txt": DEPS, "lock.txt": spread(lockOf(DEPS)) };
  await using g = await garden({ config: { regenerate: { "lock.txt": make } }, files });
  for (const [id, its] of Object.entries({ one: ONE, two: TWO }))
    await grown(g, id, { ...its, "lock.txt": spread(its["lock.txt"] ?? "") });
  expect((await g.merge()).landed).toHaveLength(2);
  expect(g.repo.read("lock.txt")).toBe("a@1\nb@1\nm@1\ny@1\nz@1\n");
});

test("a command that fails leaves the conflict, and says why", async () => {
  const make = "echo registry is down; exit 7";
  await using g = await garden({ config: { ...VERIFY, regenerate: { "lock.txt": make } }, files: FILES });
  await grown(g, "one", ONE);
  await grown(g, "two", TWO);
  const { conflicted } = await g.merge();
  expect(conflicted).toMatchObject([{ lane: "two", conflict: { files: ["lock.txt"], with: ["one"] } }]);
  expect(conflicted[0]?.conflict.reason).toContain("failed (exit code 7): registry is down");
  expect(g.repo.read("lock.txt")).toBe(ONE["lock.txt"]);
});

test("what lies outside of the checkout never gets into the file, and a lane cannot set the command", async () => {
  const outside = 'rm lock.txt; ln -s "$ORCH_REPO/secret" lock.txt';
  await using g = await garden({ config: { regenerate: { "lock.txt": outside } }, files: FILES });
  writeFileSync(join(g.repo.path, ".git", "info", "exclude"), "secret\n");
  writeFileSync(join(g.repo.path, "secret"), "key\n");
  const config = JSON.parse(g.repo.read("orch.config.jsonc")) as object;
  const own = JSON.stringify({ ...config, regenerate: { "lock.txt": 'touch "$ORCH_REPO/.git/orch/ran"' } });
  await grown(g, "one", { ...ONE, "orch.config.jsonc": own });
  await grown(g, "two", TWO);
  const { conflicted } = await g.merge();
  expect(conflicted[0]?.conflict.reason).toContain("lock.txt is no plain file");
  expect(contentAt(join(g.place.stateDir, "ran"))).toBeUndefined();
  await g.reopen();
  expect((await g.orchard.config()).notAccepted).toMatchObject([{ key: "regenerate" }]);
});
