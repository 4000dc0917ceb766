import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "@orchard/testkit";
import type { Field, Run } from "./field.ts";
import { processesTouching } from "./processes-touching.ts";

/** Throws when an agent was started again in a lane after it had succeeded there, or succeeded twice. */
export function requireSingleRuns(runs: readonly Run[]): void {
  const done = new Set<string>();
  for (const { lane, what } of runs) {
    if (done.has(lane)) throw new Error(`lane ${lane}: an agent ran again (${what}) after it had succeeded`);
    if (what === "done") done.add(lane);
  }
}

/** Throws unless the checkout is clean, at the base's tip, with no operation and no lock of git's left in it. */
export function requireCleanBase({ repo }: Pick<Field, "repo">): void {
  const status = repo.git(["status", "--porcelain", "--untracked-files=all"]);
  if (status !== "") throw new Error(`the checkout is not clean:\n${status}`);
  const left = ["index.lock", "MERGE_HEAD", "HEAD.lock"].filter((name) => existsSync(join(repo.path, ".git", name)));
  if (left.length > 0) throw new Error(`left in .git: ${left.join(", ")}`);
  const kept = readdirSync(join(repo.path, ".git")).filter((name) => /^orch-(index|lock)-/.test(name));
  if (kept.length > 0) throw new Error(`left of an advance: ${kept.join(", ")}`);
  repo.git(["fsck", "--strict", "--no-dangling"]);
}

/** Throws when a lane was landed twice, on record or in the base's history. */
export function requireSingleLandings(field: Field): void {
  const lanes = field.facts().flatMap(({ type, lane }) => (type === "lane-landed" ? [lane] : []));
  if (new Set(lanes).size !== lanes.length) throw new Error(`landed twice on record: ${lanes.join(", ")}`);
  const merges = field.repo.git(["log", "--format=%s", "--first-parent", "main"]).split("\n");
  const landings = merges.filter((subject) => subject.startsWith("Land "));
  if (new Set(landings).size !== landings.length) throw new Error(`landed twice: ${landings.join("; ")}`);
}

/** Throws unless within five seconds nothing runs that has to do with the repository. */
export async function requireNoOrphans({ folder }: Pick<Field, "folder">): Promise<void> {
  await until("nothing of the run lives on", () => processesTouching(folder).length === 0, { within: 5_000 }).catch(
    () => {
      const left = processesTouching(folder).map(({ pid, command }) => `${pid} ${command}`);
      throw new Error(`still running:\n${left.join("\n")}`);
    },
  );
}

export async function requireSound(field: Field): Promise<void> {
  await requireNoOrphans(field);
  requireSingleRuns(field.runs());
  requireSingleLandings(field);
  requireCleanBase(field);
}
