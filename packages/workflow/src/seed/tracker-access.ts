/**
 * The two helpers of seed 000 that lie in every lane's worktree: a few lines each over `orbit-agent tracker`. The path
 * of the tracker that they are given is not needed: the worktree tells which repository, and which lane, it is.
 */
export const TRACKER_ACCESS = ["access_tracker.py", "access_tracker.mjs"] as const;

/** @param launchers folder with `orbit-agent`, for callers that do not have it on their PATH */
export function trackerAccess(name: (typeof TRACKER_ACCESS)[number], launchers: string | undefined): string {
  return name === "access_tracker.py" ? python(launchers ?? "") : javascript(launchers ?? "");
}

const SAYS = [
  "Prints the tracker, or merges what this worktree's lane says of itself (progress, results) into it:",
  "",
  "    access_tracker /path/to/tracker.json",
  `    access_tracker /path/to/tracker.json '{"lanes": {"my-lane": {"progress": "50% complete"}}}'`,
  "",
  "Written by Orchard, kept out of git. The same by hand: orbit-agent tracker get, orbit-agent tracker update.",
];

function python(launchers: string): string {
  return `#!/usr/bin/env python3
"""${SAYS.join("\n")}
"""
import os
import sys

words = ["get"] if len(sys.argv) < 3 else ["update", sys.argv[2]]
os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), ${JSON.stringify(launchers)}])
os.chdir(os.path.dirname(os.path.abspath(__file__)))
os.execvp("orbit-agent", ["orbit-agent", "tracker", *words])
`;
}

function javascript(launchers: string): string {
  return `#!/usr/bin/env node
${SAYS.map((line) => `// ${line}`.trimEnd()).join("\n")}
import { spawnSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const updates = process.argv[3];
const words = updates === undefined ? ["get"] : ["update", updates];
const env = { ...process.env, PATH: [process.env.PATH ?? "", ${JSON.stringify(launchers)}].join(delimiter) };
const cwd = dirname(fileURLToPath(import.meta.url));
const { status } = spawnSync("orbit-agent", ["tracker", ...words], { cwd, env, stdio: "inherit" });
process.exitCode = status ?? 1;
`;
}
