import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sampled } from "@orchard/testkit";
import { expect, test } from "vitest";
import { completeTask, flagsOf, restack, sightWorld, startTask } from "../../src/tasks/index.ts";
import { changePr } from "../../src/tasks/pull-requests.ts";
import { type Crew, crew, type Member, named } from "./crew.ts";

/** Every task writes a file of its own and one line of a file that all share. */
const LINES = Array.from({ length: 40 }, (_, index) => `line ${index}`);
const LINE_OF: Readonly<Record<string, number>> = { T001: 2, T002: 12, T003: 22, T004: 32 };

const SHAPES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "a chain of three": { T001: [], T002: ["T001"], T003: ["T002"] },
  "a diamond": { T001: [], T002: ["T001"], T003: ["T001"], T004: ["T002", "T003"] },
  "two lines": { T001: [], T002: ["T001"], T003: ["T001"] },
};

/** What happens to the first task's commit; says what its work is afterwards. */
const EVENTS: Readonly<Record<string, (orbit: Crew, first: Member) => Promise<Work>>> = {
  amend: async (_, first) => {
    write(first, "t001.txt", "T001, better\n");
    first.git("commit", "-qa", "--amend", "-m", "T001 again");
    return { file: "t001.txt", text: "T001, better\n" };
  },
  "amend and rename": async (_, first) => {
    renameSync(join(first.path, "t001.txt"), join(first.path, "first.txt"));
    first.git("add", "-A");
    first.git("commit", "-q", "--amend", "--no-edit");
    return { file: "first.txt", text: "T001\n" };
  },
  rebase: async (orbit, first) => {
    orbit.garden.repo.commit("the base goes on", { "base.txt": "base\n" });
    first.git("rebase", "-q", "main");
    return AS_IT_WAS;
  },
  "squash-merge": async (orbit, first) => {
    const { repo } = orbit.garden;
    repo.git(["merge", "-q", "--squash", first.git("rev-parse", "HEAD")]);
    repo.git(["commit", "-qm", "T001 (#1)"]);
    return AS_IT_WAS;
  },
  revert: async (orbit, first) => {
    const { repo } = orbit.garden;
    repo.git(["merge", "-q", "--no-ff", "-m", "merge T001", first.git("rev-parse", "HEAD")]);
    await sightWorld(orbit.garden.orchard);
    repo.git(["revert", "--no-edit", "-m", "1", "HEAD"]);
    return undefined;
  },
  reject: async (_, first) => {
    await changePr(first.desk, named("T001"), { pr: { status: "rejected" } });
    return undefined;
  },
};

type Work = { readonly file: string; readonly text: string } | undefined;
const AS_IT_WAS: Work = { file: "t001.txt", text: "T001\n" };

/** The whole matrix is the long form; the hardest shape is always tried. */
const shapes = process.env["ORCHARD_LONG"] === undefined ? ["a diamond"] : Object.keys(SHAPES);

for (const shape of shapes) {
  test.each(sampled(Object.keys(EVENTS)))(
    `${shape}, %s: every worktree has each task's own patch and nothing else`,
    async (event) => {
      await using orbit = await crew(fileOf(SHAPES[shape]!), { files: { "shared.txt": `${LINES.join("\n")}\n` } });
      const members = await workThrough(orbit, SHAPES[shape]!);
      const work = await EVENTS[event]!(orbit, members.get("T001")!);
      await restackAll(orbit, members);
      for (const [task, member] of members) {
        if (task !== "T001") expectTree(member, closure(SHAPES[shape]!, task), work);
      }
      if (event !== "reject") return;
      await changePr(members.get("T001")!.desk, named("T001"), { pr: { status: "approved" } });
      await restackAll(orbit, members);
      for (const [task, member] of members) expectTree(member, closure(SHAPES[shape]!, task), AS_IT_WAS);
    },
  );
}

async function workThrough(orbit: Crew, shape: Readonly<Record<string, readonly string[]>>) {
  const members = new Map<string, Member>();
  for (const task of Object.keys(shape)) {
    const member = await orbit.member(task.toLowerCase(), { from: "main" });
    await startTask(member.desk, named(task));
    const lines = readFileSync(join(member.path, "shared.txt"), "utf8").split("\n");
    lines[LINE_OF[task]!] = `${task} was here`;
    member.commit({ "shared.txt": lines.join("\n"), [`${task.toLowerCase()}.txt`]: `${task}\n` }, task);
    await completeTask(member.desk, named(task));
    members.set(task, member);
  }
  return members;
}

/** In the order of the tasks, as their agents would when they are told. */
async function restackAll(orbit: Crew, members: ReadonlyMap<string, Member>): Promise<void> {
  for (const [task, member] of members) {
    if (task === "T001") continue;
    const outcome = await restack(member.desk, "go");
    expect(outcome.kind === "restacked" || (outcome.kind === "nothing" && outcome.waitingFor.length === 0)).toBe(true);
    expect(member.git("status", "--porcelain")).toBe("");
  }
  for (const [task, member] of members) {
    if (task !== "T001") expect(flagsOf(await orbit.progress(), member.desk.asker.place.worktree)).toEqual([]);
  }
}

function expectTree(member: Member, tasks: readonly string[], first: Work): void {
  const lines = [...LINES];
  for (const task of tasks) if (task !== "T001" || first !== undefined) lines[LINE_OF[task]!] = `${task} was here`;
  expect(readFileSync(join(member.path, "shared.txt"), "utf8")).toBe(`${lines.join("\n")}\n`);
  for (const task of Object.keys(LINE_OF).slice(1)) {
    expect(existsSync(join(member.path, `${task.toLowerCase()}.txt`))).toBe(tasks.includes(task));
  }
  for (const file of ["t001.txt", "first.txt"]) {
    const path = join(member.path, file);
    expect(existsSync(path) ? readFileSync(path, "utf8") : undefined).toBe(
      first?.file === file ? first.text : undefined,
    );
  }
}

function closure(shape: Readonly<Record<string, readonly string[]>>, task: string): readonly string[] {
  return [...new Set([task, ...(shape[task] ?? []).flatMap((one) => closure(shape, one))])];
}

function fileOf(shape: Readonly<Record<string, readonly string[]>>): string {
  const lines = Object.entries(shape).map(
    ([task, on]) => `- [ ] ${task} work\n      Dependencies: ${on.join(", ") || "None"}`,
  );
  return `## Layer 1: All\n${lines.join("\n")}\n`;
}

function write(member: Member, file: string, text: string): void {
  writeFileSync(join(member.path, file), text);
}
