import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireNoOrphans, requireSingleLandings, requireSingleRuns } from "../support/checks.ts";
import { countCalls, diesAt, pictureOf } from "../support/die-at.ts";
import { type Field, field } from "../support/field.ts";
import { outcomeOf } from "../support/outcome.ts";
import { chosenSeed, randomFrom } from "../support/random.ts";
import { resume } from "../support/walk.ts";

/** A command, cut off before each of its calls that change the world; then what a person does, and what must be. */
interface Cut {
  readonly name: string;
  readonly isNew?: boolean;
  before?(field: Field): Promise<void>;
  readonly command: readonly string[];
  /** Exit codes with which the command may end. */
  readonly codes?: readonly number[];
  /** What a person does after the death; without it: the command again. */
  after?(field: Field): Promise<void>;
}

const verify = ["test -f README.md"];

async function executed(one: Field): Promise<void> {
  await one.addLanes([{ id: "a" }, { id: "b", dependsOn: ["a"] }]);
  await one.orch(["execute"]);
}

async function landed(one: Field): Promise<void> {
  await executed(one);
  await one.orch(["merge"]);
}

/** Resumed until there is nothing left; the command again if it never began. */
const resumed = (command: readonly string[]) => async (one: Field) => {
  await resume(one);
  await one.orch(command, { codes: [0, 3] });
};

/** Two lanes that write the same line: the second conflicts. */
async function contradicting(one: Field): Promise<void> {
  for (const id of ["a", "b"]) {
    const json = { tasks: [id], parallel: true, command: `echo ${id} > same.txt; git add -A; git commit -qm ${id}` };
    await one.orch(["add-lane", id, JSON.stringify(json)]);
  }
  await one.orch(["execute", "--max-parallel", "1"]);
  await one.orch(["merge", "a"]);
}

async function resolved(one: Field): Promise<void> {
  await contradicting(one);
  await one.orch(["merge", "--resolve", "hand"], { codes: [5] });
  const folder = join(one.repo.path, ".worktrees", "resolve-b");
  writeFileSync(join(folder, "same.txt"), "a and b\n");
  one.repo.git(["add", "-A"], { cwd: folder });
  one.repo.git(["commit", "-qm", "both"], { cwd: folder });
}

/** A lane that failed with work kept, and a base that has gained something since. */
async function failedAndBehind(one: Field): Promise<void> {
  const work = "echo kept > kept.txt; git add -A; git commit -qm kept --allow-empty; test -e ../../../go";
  await one.orch(["add-lane", "x", JSON.stringify({ tasks: ["x"], parallel: true, command: work })]);
  await one.addLanes([{ id: "a" }]);
  await one.orch(["execute"], { codes: [1] });
  await one.orch(["merge"]);
  writeFileSync(join(one.folder, "go"), "");
}

const again = (command: readonly string[], then: readonly (readonly string[])[]) => async (one: Field) => {
  await one.orch(command, { codes: [0, 3] });
  for (const next of then) await one.orch(next);
};

const CUTS: readonly Cut[] = [
  { name: "init", isNew: true, command: ["init"] },
  {
    name: "add-lane",
    command: ["add-lane", "a", '{"tasks": ["a"], "command": "true"}'],
    after: again(["add-lane", "a", '{"tasks": ["a"], "command": "true"}'], []),
  },
  {
    name: "execute",
    before: (one) => one.addLanes([{ id: "a" }, { id: "b", dependsOn: ["a"] }]),
    command: ["execute"],
    after: resumed(["execute"]),
  },
  {
    name: "merge, with a base that has gained commits",
    before: async (one) => {
      await executed(one);
      one.repo.commit("the person's own", { "own.txt": "own\n" });
    },
    command: ["merge"],
    after: resumed(["merge"]),
  },
  {
    name: "merge --resolve hand",
    before: contradicting,
    command: ["merge", "--resolve", "hand"],
    codes: [5],
    // 0: the merge to be finished by hand stands already, and waits for that.
    after: async (one) => {
      await one.orch(["merge", "--resolve", "hand"], { codes: [0, 5] });
    },
  },
  { name: "merge of a conflict resolved by hand", before: resolved, command: ["merge"], after: resumed(["merge"]) },
  {
    name: "sync",
    before: async (one) => {
      await executed(one);
      one.repo.write({ "README.md": "in the way\n" });
      await one.orch(["merge"]);
      one.repo.write({ "README.md": "hello\n" });
    },
    command: ["sync"],
  },
  { name: "cleanup", before: landed, command: ["cleanup"] },
  { name: "cleanup --rescue", before: executed, command: ["cleanup", "--rescue"] },
  {
    name: "rescue restore",
    before: async (one) => {
      await executed(one);
      await one.orch(["cleanup", "--rescue"]);
    },
    command: ["rescue", "restore", "a/1"],
    // 2: it was back, and only the answer was cut off.
    after: async (one) => {
      await one.orch(["rescue", "restore", "a/1"], { codes: [0, 2] });
    },
  },
  { name: "retry", before: failedAndBehind, command: ["retry", "x"], after: again(["retry", "x"], []) },
  {
    name: "execute after retry --fresh",
    before: async (one) => {
      await failedAndBehind(one);
      await one.orch(["retry", "x", "--fresh"]);
    },
    command: ["execute"],
    after: resumed(["execute"]),
  },
  { name: "reset", before: executed, command: ["reset", "--yes"], after: again(["reset", "--yes"], [["init"]]) },
];

const IS_LONG = process.env["ORCHARD_LONG"] === "1";
const CUTS_EACH = Number(process.env["ORCHARD_CUTS"] ?? (IS_LONG ? 10_000 : 1));

const random = randomFrom(chosenSeed());
/** In the short form every second command, from one or the other by chance; ORCHARD_CUT names those that are wanted. */
const wanted = process.env["ORCHARD_CUT"];
const half = random() < 0.5 ? 0 : 1;
const chosen = CUTS.filter(({ name }, index) =>
  wanted === undefined ? IS_LONG || index % 2 === half : name.includes(wanted),
);

test.each(chosen.map((cut) => [cut.name, cut] as const))(
  "%s, killed at a step and done again, ends as if nothing had been",
  async (_name, cut) => {
    await using one = await field({ verify }, { isNew: cut.isNew ?? false });
    await cut.before?.(one);
    await requireNoOrphans(one);
    const restore = pictureOf(one);
    const calls = await countCalls(one, cut.command, cut.codes ?? [0]);
    if (cut.name === "reset") await one.orch(["init"]);
    const uncut = outcomeOf(one);
    const failures: string[] = [];
    for (const n of steps(calls)) {
      restore();
      await diesAt(one, cut.command, n);
      try {
        if (cut.after === undefined) await one.orch(cut.command, { codes: cut.codes ?? [0] });
        else await cut.after(one);
        await requireNoOrphans(one);
        requireSingleRuns(one.runs());
        requireSingleLandings(one);
        expect(outcomeOf(one)).toEqual(uncut);
        one.repo.git(["fsck", "--strict", "--no-dangling"]);
      } catch (error) {
        const what = `killed before call ${n} of ${calls}: ${error instanceof Error ? error.message : error}`;
        console.error(what);
        failures.push(what);
        if (failures.length >= 4) break;
      }
    }
    expect(failures).toEqual([]);
  },
  CUTS_EACH * 30_000 + 120_000,
);

/** All of them, or some by chance, each from its own part of the way. */
function steps(calls: number): readonly number[] {
  if (CUTS_EACH >= calls) return Array.from({ length: calls }, (_, index) => index + 1);
  return Array.from({ length: CUTS_EACH }, (_, part) => 1 + Math.floor(((part + random()) * calls) / CUTS_EACH));
}
