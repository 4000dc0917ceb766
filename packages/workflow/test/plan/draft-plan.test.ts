import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanesInOrder } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { PLAN_FILE, planLanes } from "../../src/index.ts";
import { lanesFromDraft } from "../../src/plan/lanes-from-draft.ts";
import { readPlanSources } from "../../src/plan/plan-sources.ts";
import { type Garden, garden } from "../harness.ts";
import { landedResults } from "./results.ts";

const GAPS = landedResults({
  notes: { a: { files: ["src/a.ts"] }, b: { files: ["src/a.ts"] }, c: { files: ["lib/c.ts"], dependsOn: ["notes.a"] } },
});

test("an agent drafts the plan in a worktree of its own; what it says of lanes counts, and nothing of it lands", async () => {
  await using one = await drafting([
    {
      lanes: [
        lane("first", ["notes.a"]),
        lane("second", ["notes.b"]),
        lane("third", ["notes.c"], { priority: "high" }),
      ],
    },
  ]);
  const { findings } = await draft(one);
  expect(findings).toEqual([]);
  const planned = lanesInOrder(await one.tracker()).filter(({ definition }) => definition.planned !== undefined);
  expect(planned.map(({ id, definition }) => [id, definition.dependsOn, definition.files])).toEqual([
    ["first", [], ["src/a.ts"]],
    ["second", ["first"], ["src/a.ts"]],
    ["third", ["first"], ["lib/c.ts"]],
  ]);
  expect(planned.every(({ definition }) => definition.agent === undefined && definition.command === undefined)).toBe(
    true,
  );
  expect(existsSync(one.worktree("plan-draft"))).toBe(false);
  expect((await one.merge()).landed).toEqual([]);
  expect(one.repo.git(["ls-tree", "-r", "--name-only", "main"])).not.toContain("plan_draft");
}, 60_000);

test("a draft that would run something is refused, and the agent's next attempt is told why", async () => {
  await using one = await drafting([
    { lanes: [{ ...lane("all", ["notes.a", "notes.b", "notes.c"]), command: "touch owned" }] },
    { lanes: [lane("all", ["notes.a", "notes.b", "notes.c"])] },
  ]);
  await draft(one);
  const drafted = await one.lane("plan-draft");
  expect(drafted.attempts.map(({ failure }) => failure)).toEqual([expect.stringContaining("unknown field"), undefined]);
  expect((await one.lane("all")).definition.command).toBeUndefined();
}, 60_000);

test("a draft that never becomes valid adds no lane", async () => {
  await using one = await drafting([{ lanes: [lane("a", ["notes.gone"])] }], { attempts: 1 });
  const message = expect.stringContaining('notes.gone" waits for no plan');
  await expect(draft(one)).rejects.toThrow(expect.objectContaining({ code: "DRAFT_FAILED", message }));
  expect(Object.keys((await one.tracker()).lanes)).toEqual(["plan-draft"]);
}, 60_000);

test("nothing in a draft is trusted", async () => {
  await using one = await drafting([]);
  await one.add("hand", { command: "true" });
  const sources = await readPlanSources(one.orchard, { records: false });
  const tracker = await one.tracker();
  const against = [lane("a", ["notes.a"], { dependsOn: ["c"] }), lane("c", ["notes.c"])];
  const refused: readonly (readonly [readonly unknown[], string])[] = [
    [[lane("a", ["notes.gone"])], '"notes.gone" waits for no plan'],
    [[lane("a", ["notes.a"]), lane("b", ["notes.a"])], '"notes.a" is in two lanes'],
    [[lane("hand", ["notes.a"])], 'name "hand" is taken'],
    [[lane("a", ["notes.a"], { env: { A: "1" } })], "unknown field"],
    [[lane("a", ["notes.a"], { files: ["../x"] })], "outside"],
    [against, "lanes wait for each other"],
  ];
  for (const [lanes, why] of refused) {
    const reading = () => lanesFromDraft(JSON.stringify({ lanes }), { tracker, sources, source: "draft" });
    expect(reading).toThrow(expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringContaining(why) }));
  }
});

test("what a draft leaves out is told", async () => {
  await using one = await drafting([{ lanes: [lane("a", ["notes.a"])] }]);
  expect((await draft(one)).findings).toEqual([expect.stringContaining("leaves out notes.b, notes.c")]);
}, 60_000);

test("a plan that is edited while an agent drafts another is kept beside it", async () => {
  await using one = await drafting([{ lanes: [lane("a", ["notes.a", "notes.b", "notes.c"])] }], {
    meanwhile: `printf mine > "$ORCH_REPO/${PLAN_FILE}"`,
  });
  await one.drive((driver) => planLanes(driver));
  const { keptAside = "" } = await draft(one);
  expect(readFileSync(join(one.repo.path, keptAside), "utf8")).toBe("mine");
  expect(JSON.parse(readFileSync(join(one.repo.path, PLAN_FILE), "utf8"))).toMatchObject({ lanes: [{ id: "a" }] });
}, 60_000);

test("an agent that nobody knows leaves nothing behind", async () => {
  await using one = await drafting([]);
  await expect(draft(one, "nobody")).rejects.toThrow(expect.objectContaining({ code: "UNKNOWN_AGENT" }));
  expect((await one.tracker()).lanes).toEqual({});
});

function lane(id: string, gaps: readonly string[], more: Readonly<Record<string, unknown>> = {}) {
  return { id, tasks: [`close ${gaps.join(", ")}`], gaps, ...more };
}

/** An agent whose n-th attempt commits the n-th of `drafts`. */
async function drafting(
  drafts: readonly unknown[],
  { meanwhile = "true", ...config }: { readonly meanwhile?: string; readonly attempts?: number } = {},
): Promise<Garden> {
  const file = "docs/_generated/plan_draft.json";
  const command = `${meanwhile}; n=$(cat "$ORCH_REPO/../n" 2>/dev/null || echo 0); echo $((n + 1)) > "$ORCH_REPO/../n"; mkdir -p docs/_generated && cp "$ORCH_REPO/../draft-$n.json" ${file} && git add ${file} && git commit -qm draft`;
  const one = await garden({ files: GAPS, config: { agents: { drafter: { command } }, ...config } });
  for (const [n, draft] of drafts.entries()) {
    writeFileSync(join(one.repo.path, "..", `draft-${n}.json`), JSON.stringify(draft));
  }
  return one;
}

function draft(one: Garden, agent = "drafter") {
  return one.drive((driver) => planLanes(driver, { agent }));
}
