import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * Loaded before a program (`node --import`): it dies by SIGKILL just before the n-th call that changes the world,
 * a file or a process, n = ORCHARD_DIE_AT, or before the first call that is about what ORCHARD_DIE_AT says. So every
 * boundary between two steps can be visited in turn, without a hook in the program. With ORCHARD_CALLS the name of
 * every such call is added to that file. ORCHARD_STOP_AT, a number or a piece of what the call is about: it stops
 * there once (SIGSTOP), and goes on when it is continued.
 */
const dieAt = process.env["ORCHARD_DIE_AT"];
const stopAt = process.env["ORCHARD_STOP_AT"];
const trace = process.env["ORCHARD_CALLS"];
delete process.env["ORCHARD_DIE_AT"];
delete process.env["ORCHARD_STOP_AT"];
delete process.env["ORCHARD_CALLS"];

const { appendFileSync } = fs;
let calls = 0;
let isTracing = false;
let hasStopped = false;

function step(name: string, subject: unknown): void {
  if (isTracing) return;
  calls += 1;
  if (trace !== undefined) {
    isTracing = true;
    appendFileSync(trace, `${calls} ${name} ${named(subject).slice(-80).replaceAll("\n", " ")}\n`);
    isTracing = false;
  }
  if (!hasStopped && isReached(stopAt, subject)) {
    hasStopped = true;
    process.kill(process.pid, "SIGSTOP");
  }
  if (isReached(dieAt, subject)) process.kill(process.pid, "SIGKILL");
}

function isReached(place: string | undefined, subject: unknown): boolean {
  if (place === undefined) return false;
  return Number.isNaN(Number(place)) ? named(subject).includes(place) : calls >= Number(place);
}

/** An open file by its path, where the system tells. */
function named(subject: unknown): string {
  try {
    return typeof subject === "number" ? fs.readlinkSync(`/proc/self/fd/${subject}`) : String(subject);
  } catch {
    return String(subject);
  }
}

type Anything = Record<string, (...args: unknown[]) => unknown>;

function watch(holder: object, label: string, names: readonly string[]): void {
  const functions = holder as Anything;
  for (const name of names) {
    const original = functions[name];
    if (original === undefined) throw new Error(`there is no ${name}`);
    functions[name] = (...args) => {
      step(`${label}${name}`, Array.isArray(args[1]) ? `${args[0]} ${args[1].join(" ")}` : args[0]);
      return original(...args);
    };
  }
}

const CHANGING = ["writeFile", "rename", "link", "unlink", "rm", "rmdir", "mkdir", "copyFile", "utimes", "symlink"];
watch(fs.promises, "promises.", CHANGING);
watch(
  fs,
  "",
  CHANGING.map((name) => `${name}Sync`),
);
watch(fs, "", ["writeSync", "mkdir", "rmdir"]);
watch(childProcess, "", ["spawn", "execFileSync"]);
syncBuiltinESMExports();
