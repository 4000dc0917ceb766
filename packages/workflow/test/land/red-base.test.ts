import { expect, test } from "vitest";
import { grown } from "../grown.ts";
import { garden } from "../harness.ts";

/** Fails once for every file whose name begins with `bad`, by name. */
const CHECK = 'for f in bad*; do [ -e "$f" ] && echo "not ok 1 - $f" && red=1; done; exit ${red:-0}\n';

test("a red base names the command, the commit and its receipt, and how to go on all the same", async () => {
  await using g = await garden({ config: { verify: ["sh check.sh"] }, files: { "check.sh": CHECK, "bad-1": "" } });
  await grown(g, "a", { "a.txt": "1" });
  const receipt = { command: "sh check.sh", code: 1, commit: g.at("main") };
  await expect(g.merge()).rejects.toMatchObject({
    code: "RED_BASE",
    exitCode: 3,
    message: expect.stringContaining("not ok 1 - bad-1") as string,
    hint: expect.stringContaining("--allow-red-base") as string,
    details: { receipt },
  });
  expect((await g.tracker()).base.checked?.receipts).toMatchObject([receipt, receipt]);
});

test("on a red base that is allowed a lane lands when it adds no failure, and only then", async () => {
  await using g = await garden({ config: { verify: ["sh check.sh"] }, files: { "check.sh": CHECK, "bad-1": "" } });
  await grown(g, "fine", { "a.txt": "1" }, { priority: "high" });
  await grown(g, "worse", { "bad-2": "1" });
  await grown(g, "mends", { "check.sh": CHECK.replace("for f in bad*", "for f in bad-[2-9]*") }, { priority: "low" });
  const landing = await g.merge({ allowRedBase: true });
  expect(landing.landed).toMatchObject([
    { lane: "fine", verified: false, onRedBase: true },
    { lane: "mends", verified: true },
  ]);
  expect(landing.rejected).toMatchObject([
    { lane: "worse", reason: expect.stringContaining("besides: bad-2") as string },
  ]);
  expect((await g.lane("fine")).merge).toMatchObject({
    evidence: { onRedBase: [expect.stringContaining("the very output of the base") as string] },
  });
  expect((await g.tracker()).base.checked).toMatchObject({ green: true });
  expect(g.at("main")).toBe(g.at("refs/orch/landed/main"));
});
