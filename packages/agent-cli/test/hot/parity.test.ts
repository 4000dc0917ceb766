import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import { until } from "@orchard/testkit";
import { type PrStatus, SPEC_STREAM, type SpecFact } from "@orchard/tracker-core";
import { type Orchard, openOrchard } from "@orchard/workflow";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actionOf } from "../../src/commands/action-of.ts";
import { realPorts } from "../../src/composition.ts";
import { hotAnswer } from "../../src/hot/hot-answer.ts";
import type { CommandShape } from "../../src/shape/command-shape.ts";
import { readGiven } from "../../src/shape/read-given.ts";
import { findShape } from "../../src/shape/shapes.ts";
import { surroundings } from "../../src/surroundings.ts";
import { claimed } from "../support/progress.ts";
import { type Sandbox, sandbox, TASK_FILE } from "../support/sandbox.ts";

const SPEC = "001-orbit";
const NOW = "2027-01-01T00:00:00.000Z";
const AGENTS = ["claude", "qwen", "codex"] as const;
const IDS = Array.from({ length: 12 }, (_, n) => `T${String(n + 1).padStart(3, "0")}`);

let place: Sandbox;
let orchard: Orchard;

beforeAll(async () => {
  place = await sandbox("- [ ] T001 first\n");
  orchard = await openOrchard(
    place.place,
    realPorts(() => undefined, {}),
    { by: "test" },
  );
});

afterAll(async () => {
  await orchard[Symbol.asyncDispose]();
  place[Symbol.dispose]();
});

test("the views answer every plain command line as the store does, whatever happened to the tasks", async () => {
  let quick = 0;
  await fc.assert(
    fc.asyncProperty(
      taskFile,
      fc.array(fact, { maxLength: 12 }),
      fc.array(line, { minLength: 4, maxLength: 8 }),
      async (text, facts, lines) => {
        place.repo.write({ [TASK_FILE]: text });
        await slowly(["why", "T001"], {});
        await happen(facts);
        for (const [argv, environment] of lines) {
          const slow = await slowly(argv, environment);
          const fast = await quickly(argv, environment);
          if (fast === "not sure") continue;
          quick += 1;
          expect({ argv, environment, answer: fast }).toEqual({ argv, environment, answer: slow });
        }
      },
    ),
    { numRuns: process.env["ORCHARD_LONG"] === undefined ? 20 : 300 },
  );
  expect(quick).toBeGreaterThan(60);
});

test.each<[string, () => void | Promise<void>, boolean]>([
  ["the task file was touched and is the same", () => place.repo.write({ [TASK_FILE]: SIMPLE }), true],
  ["something of the tracker was recorded", () => happenElsewhere(), true],
  ["the task file changed by one letter", () => place.repo.write({ [TASK_FILE]: SIMPLE.replace("one", "two") }), false],
  ["something happened to a task", () => record([{ ...about("T001"), type: "task-noted", by: "x", text: "n" }]), false],
  [
    "the view was changed by hand",
    () => place.repo.write({ [VIEW]: place.repo.read(VIEW).replace("one", "two") }),
    false,
  ],
  ["the view is gone", () => rmSync(join(place.repo.path, VIEW)), false],
  ["a second spec appeared", () => place.repo.write({ "specs/002-more/layered-tasks.md": SIMPLE }), false],
  [
    "the settings are not the accepted ones",
    () => place.repo.write({ "orch.config.jsonc": '{"layers": "hard"}' }),
    false,
  ],
  ["two files define the spec", () => place.repo.write({ [`specs/${SPEC}/layered-tasks.md`]: SIMPLE }), false],
  ["the task file is gone", () => rmSync(join(place.repo.path, TASK_FILE)), false],
])("after %s, the view is good for an answer only if it still says the truth", async (_what, change, good) => {
  for (const extra of ["orch.config.jsonc", "specs/002-more", `specs/${SPEC}/layered-tasks.md`]) {
    rmSync(join(place.repo.path, extra), { recursive: true, force: true });
  }
  await becomesCurrent();
  await change();
  expect((await quickly(["why", "T001"], {})) !== "not sure").toBe(good);
});

test("a view that was checked once is still refused when somebody changes it in place", async () => {
  await becomesCurrent();
  const seal = join(place.place.stateDir, "seals", SPEC);
  await until("the view is sealed", async () => {
    await quickly(["why", "T001"], {});
    return existsSync(seal);
  });
  const text = place.repo.read(VIEW);
  writeFileSync(join(place.repo.path, VIEW), text.replace("one", "two"));
  expect(await quickly(["why", "T001"], {})).toBe("not sure");
  writeFileSync(join(place.repo.path, VIEW), text);
  expect(await quickly(["why", "T001"], {})).not.toBe("not sure");
});

const SIMPLE = "- [ ] T001 @claude one\n- [ ] T002 two\n      Dependencies: T001\n";
const VIEW = `specs/${SPEC}/agent-tasks/.progress.json`;

const row = fc.record({
  box: fc.constantFrom(" ", " ", "x"),
  agent: fc.option(fc.constantFrom(...AGENTS)),
  needs: fc.array(fc.constantFrom(...IDS, "T999"), { maxLength: 3 }),
  heading: fc.boolean(),
  title: fc.constantFrom("the model", "läuft — 🚀", 'with "quotes" in src/a.ts', "\u001b[2J wild \u202e"),
});

const taskFile = fc.array(row, { minLength: 1, maxLength: IDS.length }).map((rows) => {
  const lines = rows.flatMap(({ box, agent, needs, heading, title }, at) => [
    ...(heading ? [`## Layer ${at + 1}: part ${at}`] : []),
    `- [${box}] ${IDS[at]} ${agent === null ? "" : `@${agent} `}${title}`,
    `      Dependencies: ${needs.length === 0 ? "None" : needs.join(", ")}`,
  ]);
  return `# Tasks\n${lines.join("\n")}\n`;
});

const fact = fc
  .record({
    task: fc.constantFrom(...IDS, "T500"),
    agent: fc.constantFrom(...AGENTS),
    epoch: fc.integer({ min: 1, max: 3 }),
    what: fc.constantFrom(
      "claim",
      "claim",
      "complete",
      "complete",
      "no code",
      "fail",
      "reopen",
      "block",
      "note",
      "pr",
      "lost",
      "landed",
    ),
    pr: fc.constantFrom<PrStatus>("pending_review", "approved", "merged", "rejected"),
  })
  .map(({ task, agent, epoch, what, pr }): SpecFact => {
    const commit = "c".repeat(40);
    switch (what) {
      case "claim":
        return claimed(task, agent, "2026-12-31T23:00:00.000Z", epoch);
      case "complete":
        return {
          ...about(task),
          type: "task-completed",
          epoch,
          commit,
          start: commit,
          contains: [{ task: "T001", commit }],
        };
      case "no code":
        return { ...about(task), type: "task-completed", epoch, start: commit, contains: [], noCode: "nothing to do" };
      case "fail":
        return { ...about(task), type: "task-failed", epoch, reason: "no\nway", cancelled: epoch === 2 };
      case "reopen":
        return { ...about(task), type: "task-reopened", by: agent };
      case "block":
        return { ...about(task), type: "claim-waiting", epoch, reason: "a \u001b[31mdecision" };
      case "note":
        return { ...about(task), type: "task-noted", by: agent, text: "note" };
      case "pr":
        return {
          ...about(task),
          type: "pr-changed",
          by: agent,
          pr: { number: 7, url: "https://x/pull/7", status: pr },
        };
      case "lost":
        return { ...about(task), type: "work-lost", commit };
      default:
        return { ...about(task), type: "work-landed", commit };
    }
  });

const line = fc.tuple(
  fc.oneof(
    fc.tuple(fc.constant("why"), fc.constantFrom(...IDS, "001/T001", "T999", "T500", "../x", "002/T001")),
    fc.tuple(fc.constantFrom("available-tasks", "next", "list-available", "layer-status")),
    fc.tuple(
      fc.constantFrom("available-tasks", "next"),
      fc.constantFrom("001", SPEC, "00", "nowhere"),
      fc.constantFrom("--any", "--json"),
    ),
    fc.tuple(
      fc.constantFrom("available-tasks", "next"),
      fc.constant("--agent"),
      fc.constantFrom(...AGENTS, "@claude", "not a name", "nobody"),
    ),
    fc.tuple(fc.constant("tracker"), fc.constant("get"), fc.constantFrom("status", "lanes", "no.where", "version")),
  ),
  fc.constantFrom<NodeJS.ProcessEnv>(
    {},
    { ORBIT_AGENT: "qwen" },
    { ORBIT_SPEC: "001" },
    { ORBIT_SPEC: "no", ORBIT_AGENT: "" },
  ),
);

function about(task: string) {
  return { spec: SPEC, task };
}

async function becomesCurrent(): Promise<void> {
  place.repo.write({ [TASK_FILE]: SIMPLE });
  await slowly(["why", "T001"], {});
  // Whoever writes the view at that moment looks again before it leaves.
  await until("the view is current", async () => (await quickly(["why", "T001"], {})) !== "not sure");
}

async function happen(facts: readonly SpecFact[]): Promise<void> {
  await record(facts);
  await orchard.store.refreshViews();
}

async function record(facts: readonly SpecFact[]): Promise<void> {
  if (facts.length === 0) return;
  await orchard.store.transact({ stream: SPEC_STREAM, describe: "test" }, () => ({ facts, outcome: null }));
}

/** A record of another stream, as drivers write them all the time. */
async function happenElsewhere(): Promise<void> {
  const facts = [{ type: "note-of-a-test" }];
  await orchard.store.transact({ stream: "elsewhere", describe: "test" }, () => ({ facts, outcome: null }));
}

async function quickly(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<unknown> {
  const shape = findShape(argv[0]) as CommandShape;
  try {
    const told = await hotAnswer(shape, argv.slice(1), { cwd: place.repo.path, environment, now: NOW });
    return told === undefined ? "not sure" : plain(told.answer);
  } catch (error) {
    return codeOf(error);
  }
}

/** As the program answers, which asks the store. */
async function slowly(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<unknown> {
  const shape = findShape(argv[0]) as CommandShape;
  const given = readGiven(shape, argv.slice(1));
  if (given === undefined) throw new Error(`${argv.join(" ")} is no plain command line`);
  await using around = surroundings({ cwd: place.repo.path, environment, now: NOW }, given);
  try {
    return plain(await (await actionOf(shape.name))(around, given));
  } catch (error) {
    return codeOf(error);
  }
}

function plain({ data, text, exitCode = 0 }: { data: object; text: string; exitCode?: number }): unknown {
  return { data: JSON.parse(JSON.stringify(data)), text, exitCode };
}

function codeOf(error: unknown): string {
  if (isOrchardError(error)) return error.code;
  throw error;
}
