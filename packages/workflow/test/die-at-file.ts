import fs from "node:fs";
import { basename, dirname } from "node:path";

/**
 * Loaded before a supervisor (`node --import <url>?agent.json:before`): the first supervisor of a repository dies by
 * SIGKILL just before, or just after, that file of its attempt is in place.
 */
const [name, moment] = new URL(import.meta.url).search.slice(1).split(":");
const { renameSync } = fs;

fs.renameSync = (from, to) => {
  const dies = basename(String(to)) === name && isFirst(dirname(String(to)));
  if (dies && moment === "before") process.kill(process.pid, "SIGKILL");
  renameSync(from, to);
  if (dies) process.kill(process.pid, "SIGKILL");
};

function isFirst(attempt: string): boolean {
  return fs.readdirSync(dirname(attempt)).length === 1;
}
