/**
 * Keeps what V8 made of a quick program's parts, so that nobody waits for it again: runs command lines of the program,
 * all in this process, and writes what was compiled for them. A function that none of them called is compiled when
 * somebody calls it. Arguments: the folder of the parts, the first part, and a JSON array of command lines; one that
 * begins with `(sh)` is run by the shell.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Script } from "node:vm";
import { compiledOf, partLoader } from "./load-part.ts";

const [folder = "", first = "", lines = "[]"] = process.argv.slice(2);
const calls = JSON.parse(lines) as string[][];
const require = createRequire(import.meta.url);
const scripts = new Map<string, Script>();
const program = process.argv.slice(0, 2);

process.exit = () => undefined as never;
process.on("beforeExit", goOn);
goOn();

/** Each command line begins when nothing is left of the one before. */
function goOn(): void {
  if (process.exitCode) throw new Error(`${process.argv.slice(2).join(" ")} ended with ${process.exitCode}.`);
  const call = calls.shift();
  if (call === undefined) {
    process.removeListener("beforeExit", goOn);
    for (const [file, script] of scripts) writeFileSync(compiledOf(file), script.createCachedData());
    return;
  }
  const [run, shell = ""] = call;
  if (run === "(sh)") execFileSync("sh", ["-c", shell], { stdio: "ignore" });
  else {
    process.argv = [...program, ...call];
    partLoader(folder, require, compile)(first);
  }
  setImmediate(() => undefined);
}

function compile(file: string): Script {
  const script = scripts.get(file) ?? new Script(readFileSync(file, "utf8"), { filename: file });
  scripts.set(file, script);
  return script;
}
