#!/bin/sh
# Probes, plan, execute and merge: first by `orch full`, which is killed half-way and resumed, then step by step with a plan
# that a person changes.
. "$(dirname -- "$0")/../lib.sh"

STAGE=$stage
export STAGE
new_repository
cat >orch.config.jsonc <<JSON
{
  "agent": "scripted",
  "agents": { "scripted": { "command": ["sh", "$here/agent.sh"] } },
  "env": { "STAGE": "$stage" },
  "verify": ["test -f README.md"],
  // The others look for tests, licence and documentation; here they would only make the story longer.
  "probes": { "project": false, "untested": false, "docs": false }
}
JSON
mkdir -p src/net specs/001-orbit/agent-tasks
cp "$here/layered-tasks.md" specs/001-orbit/agent-tasks/
echo "// TODO: refuse what is no number" >src/parse.js
echo "// TODO: try again" >src/net/fetch.js
git add -A
git commit -q -m "things to do"
run orch init

say "What would be planned? Nothing is changed by asking."
run orch plan --dry-run

say "All four phases are one run. It is killed while agents work, and goes on where it was."
orch full >"$stage/full.log" 2>&1 &
full=$!
while kill -0 "$full" 2>/dev/null && ! [ -e "$stage/runs" ]; do sleep 0.05; done
kill -9 "$full" 2>/dev/null || true
wait "$full" 2>/dev/null || true
run orch resume
[ "$(orbit-agent tracker get phase)" = 4 ]
[ "$(orbit-agent tracker get status)" = completed ]
expect_file src/parse.js "// refuse what is no number"
expect_file parts/T010.txt "T010"
expect_file specs/001-orbit/agent-tasks/layered-tasks.md "- [x] T010"
expect_file docs/_generated/execution_plan.md '"001-orbit-t010"'

say "Nothing was done twice: each lane had one agent, and nothing is left to do."
[ "$(sort "$stage/runs" | uniq -d)" = "" ]
run orch full | tee "$stage/again"
expect_file "$stage/again" "Nothing to do"

say "A person changes the plan: the lane for src/net goes, the other one becomes urgent."
echo "// TODO: read dates" >>src/parse.js
echo "// TODO: stop after a while" >>src/net/fetch.js
git commit -q -a -m "more to do"
run orch probes
run orch plan
plan=docs/_generated/execution_plan.json
node -e '
  const fs = require("fs"), [, file] = process.argv, plan = JSON.parse(fs.readFileSync(file));
  plan.lanes = plan.lanes.filter(({ files }) => !files[0].includes("net")).map((lane) => ({ ...lane, priority: "high" }));
  fs.writeFileSync(file, JSON.stringify(plan, null, 2));
' "$plan"
refused orch plan
run orch plan --from "$plan"
run orch execute
run orch merge
expect_file src/parse.js "// read dates"
expect_file src/net/fetch.js "// TODO: stop after a while"
[ -z "$(git status --porcelain)" ]
