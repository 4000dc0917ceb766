import { run } from "./run.ts";

// Not awaited at the top: the bundle is a script, which starts sooner than a module.
void run(process.argv.slice(2)).then(({ exitCode, isOver }) => {
  process.exitCode = exitCode === 0 ? (process.exitCode ?? 0) : exitCode;
  // To find out by itself that nothing is left to do takes Node a twentieth of an empty script.
  if (isOver) process.exit();
});
