import { isoTime } from "@orchard/kernel";
import { hotAnswer } from "./hot/hot-answer.ts";
import { writeNow } from "./hot/write-now.ts";
import { sayTold } from "./say/say-told.ts";
import { findShape } from "./shape/shapes.ts";
import { VERSION } from "./version.ts";
import type { World } from "./world.ts";

/** Runs one command line and returns its exit code. What the quick way cannot answer, the program answers. */
export async function run(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && argv[0] === "--version") {
    writeNow(1, `${VERSION}\n`);
    return 0;
  }
  // Mistakes and damage are told by the program, which looks at the truth.
  const called = findShape(argv[0]);
  const world: World = { cwd: process.cwd(), environment: process.env, now: isoTime(Date.now()) };
  const told = called && (await hotAnswer(called, argv.slice(1), world).catch(() => undefined));
  if (told === undefined) return (await import("./program.ts")).runProgram(argv, called, world);
  const { stdout, stderr, exitCode } = sayTold(told, argv.includes("--json"));
  writeNow(1, stdout);
  writeNow(2, stderr);
  return exitCode;
}
