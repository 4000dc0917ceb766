import { SEED_SCRIPTS } from "../seed/seed-scripts.ts";
import { TRACKER_ACCESS } from "../seed/tracker-access.ts";

/** What of Orchard's lies in the user's checkout, kept out of `git status` by `.git/info/exclude`. */
export const EXCLUDED: readonly string[] = [
  ...TRACKER_ACCESS.map((name) => `/${name}`),
  "/.orchestration/",
  "/.worktrees/",
  "/docs/_generated/execution_plan.json*",
  "/docs/_generated/execution_plan.md*",
  "/specs/*/agent-tasks/.progress.json*",
  "/specs/*/.progress.json*",
  // What a killed writer of these left unfinished.
  ...[...Object.keys(SEED_SCRIPTS), "orch.config.jsonc"].map((name) => `/${name}.*.tmp`),
];
