import { VERSION } from "./version.ts";

/** Runs one command line and returns its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && argv[0] === "--version") {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  if (argv.length === 2 && argv[0] === "built-in-probe") {
    return (await import("./built-in-probe.ts")).builtInProbe(argv[1] ?? "");
  }
  return (await import("./run-program.ts")).runProgram(argv);
}
