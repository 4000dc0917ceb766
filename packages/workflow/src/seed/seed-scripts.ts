/** By this line a script is known as ours, whatever its version. */
export const WRITTEN_BY = "Written by `orch setup seed`, which also brings it up to date.";

/** The entry points of seed 000: each passes what it is given to `orch`, so that the seed's examples run as they stand. */
export const SEED_SCRIPTS: Readonly<Record<string, string>> = {
  "worktree_orchestrate.sh": `#!/bin/sh
# The worktree orchestration's commands, answered by orch: ./worktree_orchestrate.sh init, probes, plan, …
# ${WRITTEN_BY}
if ! command -v orch >/dev/null 2>&1; then
  echo "error: orch is not on your PATH; see how it is installed in Orchard's README" >&2
  exit 1
fi
[ $# -gt 0 ] || set -- --help
exec orch "$@"
`,
  "monitor_orchestration.py": `#!/usr/bin/env python3
"""The worktree orchestration's monitor, answered by orch monitor.
${WRITTEN_BY}
"""
import argparse
import os
import shutil
import sys

options = argparse.ArgumentParser(description="Shows where every lane stands, as it changes.")
options.add_argument("--tracker", metavar="PATH", help="the tracker of the repository to show")
options.add_argument("--web", action="store_true", help="in the browser; not there yet, the terminal shows the same")
options.add_argument("--port", type=int, default=5555, help="of the web monitor")
options.add_argument("--refresh", type=float, default=2, help="not needed: every change is shown at once")
given = options.parse_args()
if given.tracker:
    os.chdir(os.path.dirname(os.path.dirname(os.path.abspath(given.tracker))))
if given.web:
    print("There is no web monitor yet; this is the terminal's.", file=sys.stderr)
if shutil.which("orch") is None:
    sys.exit("error: orch is not on your PATH; see how it is installed in Orchard's README")
os.execvp("orch", ["orch", "monitor"])
`,
};
