import { expect, test } from "vitest";
import { bringBaseIn } from "../../src/land/bring-base-in.ts";
import { commits, garden } from "../harness.ts";

/** Fails once for every file whose name begins with `bad`, by name. */
const CHECK = 'for f in bad*; do [ -e "$f" ] && echo "not ok 1 - $f" && red=1; done; exit ${red:-0}\n';
const FILES = { "check.sh": CHECK, "bad-1": "" };

test("on a red base that is allowed a lane's work counts when it adds no failure, and only then", async () => {
  await using g = await garden({ config: { verify: ["sh check.sh"], attempts: 1 }, files: FILES });
  const base = g.at("main");
  await g.add("fine", { tasks: ["x"], command: commits({ "a.txt": "1" }) });
  await g.add("worse", { tasks: ["x"], command: commits({ "bad-2": "1" }) });
  await g.add("own", { tasks: ["x"], command: commits({ "b.txt": "1" }), verify: ["test -e wanted.txt"] });
  const executed = await g.execute({ allowRedBase: true });
  expect(executed.completed).toEqual(["fine"]);
  expect(executed.failed).toEqual(["worse", "own"]);
  const onRedBase = [expect.stringContaining("the very output of the base") as string];
  const fine = await g.lane("fine");
  expect(fine.work).toMatchObject({ receipts: [{ code: 1 }], unverified: true, onRedBase });
  expect((await g.lane("worse")).failure).toMatchObject({
    cause: "verify-red",
    reason: expect.stringContaining("besides: bad-2") as string,
  });
  // What a lane itself has to turn green is no failure of the base.
  expect((await g.lane("own")).failure?.reason).toContain("not run on the base");
  expect(g.events).toContainEqual({
    type: "lane-completed",
    lane: "fine",
    files: 1,
    unverified: true,
    onRedBase: true,
  });

  // Three lanes ended, the base was looked at once, and landing knows it from there.
  expect(g.events.filter(({ type }) => type === "base-checked")).toHaveLength(1);
  expect((await g.tracker()).base.checked).toMatchObject({ commit: base, green: false, whole: true });
  expect((await g.merge({ allowRedBase: true })).landed).toMatchObject([{ lane: "fine", onRedBase: true }]);
  expect(g.events.filter(({ type }) => type === "base-checked")).toHaveLength(1);
});

test("a lane that is red as its base is known to be says so in place of blaming its agent", async () => {
  await using g = await garden({ config: { verify: ["sh check.sh"], attempts: 1 }, files: FILES });
  await expect(g.drive((driver) => bringBaseIn(driver))).rejects.toMatchObject({ code: "RED_BASE" });
  await g.add("fine", { tasks: ["x"], command: commits({ "a.txt": "1" }) });
  await g.add("own", { tasks: ["x"], command: commits({ "b.txt": "1" }), verify: ["false"] });
  expect((await g.execute()).failed).toEqual(["fine", "own"]);
  const { cause, reason } = (await g.lane("fine")).failure ?? {};
  expect(cause).toBe("verify-red");
  expect(reason).toMatch(/^the base is red itself: sh check\.sh exit code 1 .*orch execute --allow-red-base/);
  expect((await g.lane("own")).failure?.reason).toMatch(/^verify is red/);
});

test("what a lane with unlanded work started from is compared with, and is not the base", async () => {
  await using g = await garden({ config: { verify: ["sh check.sh"], attempts: 1 }, files: FILES });
  await g.add("below", { tasks: ["x"], command: commits({ "a.txt": "1" }) });
  await g.add("above", { tasks: ["x"], command: commits({ "b.txt": "1" }), dependsOn: ["below"] });
  expect((await g.execute({ allowRedBase: true })).completed).toEqual(["below", "above"]);
  const base = g.at("main");
  expect((await g.tracker()).base.checked).toMatchObject({ commit: base, green: false });
  expect(g.events.filter(({ type }) => type === "base-checked")).toMatchObject([{ commit: base }]);
  expect((await g.lane("above")).work?.onRedBase).toHaveLength(1);
});
