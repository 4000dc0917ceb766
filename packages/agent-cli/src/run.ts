import { tellError } from "@orchard/terminal";
import { hotAnswer } from "./hot/hot-answer.ts";
import { writeNow } from "./hot/write-now.ts";
import { sayTold } from "./say/say-told.ts";
import { findShape } from "./shape/shapes.ts";
import { VERSION } from "./version.ts";

/** Runs one command line and returns its exit code. Here and in the program errors become text. */
export async function run(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && argv[0] === "--version") return write({ stdout: `${VERSION}\n`, stderr: "", exitCode: 0 });
  const called = findShape(argv[0]);
  const json = argv.includes("--json");
  try {
    const told = hotAnswer(called, argv.slice(1));
    if (told !== undefined) return write(sayTold(told, json));
  } catch (error) {
    return tellError(error, { json, verbose: argv.includes("--verbose") }, process);
  }
  const { runProgram } = await import("./program.ts");
  return runProgram(argv, called);
}

function write({ stdout, stderr, exitCode }: ReturnType<typeof sayTold>): number {
  writeNow(1, stdout);
  writeNow(2, stderr);
  return exitCode;
}
