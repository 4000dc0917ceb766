import { TRACKER_ACCESS } from "../seed/tracker-access.ts";

/** What of Orchard's lies in the user's checkout, kept out of `git status` by `.git/info/exclude`. */
export const EXCLUDED: readonly string[] = [
  ...TRACKER_ACCESS.map((name) => `/${name}`),
  "/.orchestration/",
  "/.worktrees/",
  "/docs/_generated/execution_plan.json",
  "/docs/_generated/execution_plan.md",
  "/specs/*/agent-tasks/.progress.json*",
  "/specs/*/.progress.json*",
];
