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
  // Asked by a shell while somebody types: nothing of the program is loaded for it.
  if (argv[0] === "__complete") {
    const { knownWords } = await import("@orchard/workflow/known-words");
    process.stdout.write(
      knownWords(argv[1] ?? "", process.cwd())
        .map((word) => `${word}\n`)
        .join(""),
    );
    return 0;
  }
  return (await import("./run-program.ts")).runProgram(argv);
}
