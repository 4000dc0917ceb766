import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Field } from "./field.ts";

/** How many calls of this command change the world, by running it once. */
export async function countCalls(field: Field, args: readonly string[], codes: readonly number[]): Promise<number> {
  const trace = join(field.folder, "calls");
  rmSync(trace, { force: true });
  await field.orch(args, { codes, env: { ORCHARD_CALLS: trace } });
  return readFileSync(trace, "utf8").trimEnd().split("\n").length;
}

/** Runs the command to its death before call `n`; false when it came to its end before. */
export async function diesAt(field: Field, args: readonly string[], n: number): Promise<boolean> {
  const one = field.start(args, { ORCHARD_DIE_AT: String(n) });
  return (await one.ended).signal === "SIGKILL";
}

/** Keeps a picture of the repository, and puts it back at the same place, as often as wanted. */
export function pictureOf(field: Field): () => void {
  const kept = join(field.folder, "picture");
  const copy = (from: string, to: string) => {
    rmSync(to, { recursive: true, force: true, maxRetries: 10 });
    cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  };
  const log = join(field.folder, "runs.log");
  copy(field.repo.path, kept);
  cpSync(log, `${log}.kept`);
  return () => {
    copy(kept, field.repo.path);
    cpSync(`${log}.kept`, log);
  };
}
