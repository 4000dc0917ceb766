import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLike, completionScript, type Shell } from "../src/completion/index.ts";

const option = (flags: string, description: string, argChoices?: readonly string[]) => ({
  flags,
  description,
  long: /--[a-z-]+/.exec(flags)?.[0],
  hidden: false,
  required: flags.includes("<"),
  optional: false,
  argChoices,
});
const argument = (name: string, variadic = false) => ({ name: () => name, variadic });
const command = (name: string, parts: Partial<Omit<CommandLike, "name">> = {}): CommandLike => ({
  name: () => name,
  aliases: () => [],
  description: () => `It's ${name}: "really"`,
  commands: [],
  options: [],
  registeredArguments: [],
  ...parts,
});

const PROGRAM = command("grow", {
  commands: [
    command("why", {
      registeredArguments: [argument("lane")],
      options: [option("--how <way>", "how", ["fast", "slow"])],
    }),
    command("rescue", {
      commands: [command("show", { registeredArguments: [argument("name", true)] }), command("list")],
    }),
    command("start", { aliases: () => ["start-task"] }),
  ],
});

const CASES: readonly (readonly [line: string, expected: readonly string[]])[] = [
  ["grow ", ["why", "rescue", "start", "start-task"]],
  ["grow st", ["start", "start-task"]],
  ["grow rescue ", ["show", "list"]],
  ["grow why ", ["docs", "api"]],
  ["grow why d", ["docs"]],
  ["grow why docs ", []],
  ["grow why --h", ["--how", "--help"]],
  ["grow why --how ", ["fast", "slow"]],
  ["grow why --how fast ", ["docs", "api"]],
  ["grow rescue show a b ", ["docs", "api"]],
];

const folder = mkdtempSync(join(tmpdir(), "completion test "));

beforeAll(() => {
  const program = join(folder, "grow");
  writeFileSync(program, '#!/bin/sh\n[ "$1" = __complete ] && printf "docs\\napi\\n"\n');
  chmodSync(program, 0o755);
  for (const shell of ["bash", "zsh", "fish"] as const) {
    const script = completionScript(shell, PROGRAM, (name) => ({ asked: name === "lane" ? "lanes" : "rescues" }));
    writeFileSync(join(folder, shell), script);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each(CASES)("bash completes '%s'", (line, expected) => {
  const script = `source bash; COMP_WORDS=(${wordsOf(line)}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _grow; printf '%s\\n' "\${COMPREPLY[@]}"`;
  expect(sorted(run("bash", ["--norc", "-c", script]))).toEqual([...expected].sort());
});

test.skipIf(!isInstalled("zsh"))("zsh completes the same (where it is installed)", () => {
  for (const [line, expected] of CASES) {
    const script = [
      "compdef() { : }; _files() { : }",
      '_describe() { local -a all; all=("${(@P)@[-1]}"); print -rl -- "${(@)all%%:*}" }',
      'compadd() { print -rl -- "${found[@]}" }',
      `source ./zsh; words=(${wordsOf(line)}); CURRENT=$#words; _grow`,
    ].join("\n");
    const typed = line.split(" ").at(-1) ?? "";
    const found = run("zsh", ["-f", "-c", script]).filter((word) => word.startsWith(typed));
    expect(sorted(found), line).toEqual([...expected].sort());
  }
});

test.skipIf(!isInstalled("fish"))("fish completes the same (where it is installed)", () => {
  for (const [line, expected] of CASES) {
    const found = run("fish", ["--no-config", "-c", `source fish; complete -C ${JSON.stringify(line)}`]);
    expect(sorted(found.map((each) => each.split("\t")[0] ?? "")), line).toEqual([...expected].sort());
  }
});

test("nothing that a description holds becomes a part of a script", () => {
  const hostile = command("grow", {
    commands: [command("x", { description: () => "'; touch gone; echo '$(touch gone)`touch gone`\\" })],
  });
  for (const shell of ["bash", "zsh", "fish"] as const) {
    const script = completionScript(shell as Shell, hostile, () => "none");
    for (const line of script.split("\n")) expect((line.match(/'/g) ?? []).length % 2, line).toBe(0);
  }
});

function wordsOf(line: string): string {
  return line
    .split(" ")
    .map((word) => `'${word}'`)
    .join(" ");
}

function run(shell: string, args: readonly string[]): readonly string[] {
  const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}`, HOME: folder };
  return execFileSync(shell, [...args], { cwd: folder, env, encoding: "utf8" })
    .split("\n")
    .filter((word) => word !== "");
}

function sorted(words: readonly string[]): readonly string[] {
  return [...words].sort();
}

function isInstalled(shell: string): boolean {
  try {
    execFileSync(shell, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
