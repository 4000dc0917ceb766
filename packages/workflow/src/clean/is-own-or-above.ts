import { readProcessRow } from "@orchard/host";

/** Whether a process is this one or one that it was started from: the shell, whoever typed the command. */
export function isOwnOrAbove(pid: number): boolean {
  const seen = new Set<number>();
  for (let at: number | undefined = process.pid; at !== undefined && at > 1 && !seen.has(at); ) {
    if (at === pid) return true;
    seen.add(at);
    at = readProcessRow(at)?.parent;
  }
  return false;
}
