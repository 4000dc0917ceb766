import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { OrchardError } from "@orchard/kernel";
import type { Paint } from "@orchard/terminal";
import type { Answer } from "../command.ts";
import { DEMO_LANES } from "./lanes.ts";
import { type Stage, setTheStage } from "./stage.ts";

interface Show {
  readonly paint: Paint;
  readonly print: (text: string) => void;
}

/** What `tracker.json` says, as far as the demo looks at it. */
interface TrackerFile {
  readonly lanes: Record<string, { readonly state: string; readonly merge: { readonly state: string } }>;
}

/**
 * Six lanes on a small project, before the person's eyes: two that build on others, one that fails its first
 * attempt, one that conflicts and is resolved by hand, and an `orch` that is killed in the middle and resumed.
 * Throws `DEMO_FAILED` unless all six have landed and the project's tests are green.
 */
export async function runDemo(options: {
  readonly paint: Paint;
  readonly folder: string | undefined;
  readonly quiet: boolean;
}): Promise<Answer> {
  const started = performance.now();
  const show: Show = {
    paint: options.paint,
    print: options.quiet ? () => undefined : (text) => void process.stdout.write(text),
  };
  const stage = setTheStage(options.folder);
  chapter(show, `A small project in ${stage.project}, and six lanes for it`);
  await setUp(stage, show);
  chapter(show, "The agents work side by side, each in its own worktree; then orch is killed");
  await executeAndKill(stage, show);
  chapter(show, "The agents went on without it. Another orch takes up where it stopped");
  await say(stage, show, ["resume"], [0]);
  chapter(show, "Done lanes land, each verified on the combined tree; one conflicts and waits, the others land");
  await say(stage, show, ["merge", "--resolve", "hand"], [5]);
  chapter(show, "A person resolves the conflict, in a worktree made for it");
  resolveByHand(stage, show);
  await say(stage, show, ["merge"], [0]);
  await say(stage, show, ["cleanup"], [0]);
  chapter(show, "What happened");
  await say(stage, show, ["status"], [0]);
  show.print(
    `${stage.git("log", "--graph", "--oneline", "--decorate=no", ...(show.paint.isColorSupported ? ["--color=always"] : []))}\n`,
  );
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const landed = requireAllLanded(stage);
  return { data: { project: stage.project, landed, seconds }, text: whatNext(stage, show, seconds) };
}

async function setUp(stage: Stage, show: Show): Promise<void> {
  await say(stage, show, ["init"], [0]);
  for (const lane of DEMO_LANES) await say(stage, show, ["add-lane", lane.id, stage.definition(lane)], [0]);
}

async function executeAndKill(stage: Stage, show: Show): Promise<void> {
  show.print(show.paint.bold("\n$ orch execute\n"));
  const orch = stage.orch(["execute"], show.print);
  const running = async () => {
    for (;;) {
      const states = Object.values(readTracker(stage).lanes).map(({ state }) => state);
      if (states.includes("completed") || states.filter((state) => state === "running").length >= 4) return true;
      await pause(50);
    }
  };
  await Promise.race([running(), orch.ended]);
  await pause(700);
  process.kill(orch.pid, "SIGKILL");
  await orch.ended;
  show.print(show.paint.red(`\n$ kill -9 ${orch.pid}        # orch is gone, its agents are not\n`));
  await say(stage, show, ["status"], [0]);
}

function resolveByHand(stage: Stage, show: Show): void {
  const folder = join(".worktrees", "resolve-theme");
  const file = join(folder, "src", "settings.js");
  const conflicted = readFileSync(join(stage.project, file), "utf8");
  show.print(`\n${show.paint.bold(`$ cat ${file}`)}\n${conflicted}`);
  writeFileSync(
    join(stage.project, file),
    'export const settings = {\n  separator: " | ",\n  greeting: "pocket notes",\n};\n',
  );
  show.print(
    `${show.paint.bold(`$ edit ${file} && git -C ${folder} add src/settings.js && git -C ${folder} merge --continue`)}\n`,
  );
  stage.git("-C", folder, "add", "src/settings.js");
  show.print(`${stage.git("-C", folder, "-c", "core.editor=true", "merge", "--continue")}\n`);
}

async function say(stage: Stage, show: Show, args: readonly string[], expected: readonly number[]): Promise<void> {
  const shown = args
    .map((word) => (/^[\w.,:/=-]+$/.test(word) ? word : `'${word.length > 60 ? `${word.slice(0, 57)}…` : word}'`))
    .join(" ");
  show.print(show.paint.bold(`\n$ orch ${shown}\n`));
  let output = "";
  const code = await stage.orch(args, (chunk) => {
    output += chunk;
    show.print(chunk);
  }).ended;
  if (code === null || !expected.includes(code))
    throw demoFailed(`orch ${args[0]} ended with exit code ${code}`, output, stage);
}

function requireAllLanded(stage: Stage): readonly string[] {
  const { lanes } = readTracker(stage);
  const missing = DEMO_LANES.filter(({ id }) => lanes[id]?.merge.state !== "landed").map(({ id }) => id);
  if (missing.length > 0) throw demoFailed(`these lanes did not land: ${missing.join(", ")}`, "", stage);
  if (stage.git("status", "--porcelain") !== "") throw demoFailed("the checkout is not clean", "", stage);
  return DEMO_LANES.map(({ id }) => id);
}

function readTracker(stage: Stage): TrackerFile {
  return JSON.parse(readFileSync(join(stage.project, ".orchestration", "tracker.json"), "utf8")) as TrackerFile;
}

function chapter({ print, paint }: Show, title: string): void {
  print(`\n${paint.bold(paint.cyan(`── ${title}`))}\n`);
}

function whatNext(stage: Stage, { paint }: Show, seconds: number): string {
  return [
    "",
    paint.green(`Six lanes landed, the base stayed green, one orch was killed and nothing was lost. ${seconds} s.`),
    "",
    "Look around:",
    `  cd ${stage.project}`,
    "  orch log                      everything that was recorded",
    "  orch logs stats               what one agent said",
    "  orch rescue list              the worktrees that cleanup set aside",
    "",
    "Then on a repository of your own:",
    "  orch init",
    `  orch add-lane docs '{"tasks": ["Write the guide"], "parallel": true, "command": "claude -p --permission-mode acceptEdits"}'`,
    "  orch execute && orch merge",
    "",
  ].join("\n");
}

function demoFailed(what: string, output: string, { project }: Stage): OrchardError {
  return new OrchardError({
    code: "DEMO_FAILED",
    kind: "failed",
    message: `The demo did not go as it should: ${what}.${output === "" ? "" : `\n${output.slice(-2_000)}`}`,
    hint: `Everything is still there to look at: ${project}`,
  });
}
