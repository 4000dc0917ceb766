import { isoTime } from "@orchard/kernel";
import { hotAnswer } from "./hot/hot-answer.ts";
import { writeNow } from "./hot/write-now.ts";
import { sayTold } from "./say/say-told.ts";
import { readGiven } from "./shape/read-given.ts";
import { findShape } from "./shape/shapes.ts";
import { VERSION } from "./version.ts";
import type { World } from "./world.ts";

/** How a command line ended. */
export interface Ended {
  readonly exitCode: number;
  /** Nothing is written, awaited or held any more, so the process may leave at once. */
  readonly isOver: boolean;
}

/** Runs one command line. What the quick way cannot answer, the store does; what is no plain command line, commander reads. */
export async function run(argv: readonly string[]): Promise<Ended> {
  if (argv.length === 1 && argv[0] === "--version") return { exitCode: 0, isOver: writeNow(1, `${VERSION}\n`) };
  // Asked by a shell while somebody types.
  if (argv[0] === "__complete") {
    const { knownWords } = await import("@orchard/workflow/known-words");
    const words = knownWords(argv[1] ?? "", process.cwd()).map((word) => `${word}\n`);
    return { exitCode: 0, isOver: writeNow(1, words.join("")) };
  }
  // Mistakes and damage are told by the program, which looks at the truth.
  const called = findShape(argv[0]);
  const world: World = { cwd: process.cwd(), environment: process.env, now: isoTime(Date.now()) };
  const told = called && (await hotAnswer(called, argv.slice(1), world).catch(() => undefined));
  if (told === undefined) {
    const given = called && readGiven(called, argv.slice(1));
    if (called !== undefined && given !== undefined) {
      const { perform } = await import("./perform.ts");
      return { exitCode: await perform(called, given, world), isOver: false };
    }
    const { runProgram } = await import("./program.ts");
    return { exitCode: await runProgram(argv, called, world), isOver: false };
  }
  const { stdout, stderr, exitCode } = sayTold(told, argv.includes("--json"));
  const isOver = [writeNow(1, stdout), writeNow(2, stderr)].every(Boolean);
  return { exitCode, isOver };
}
