# Seed 000, "Example Workflow" and "Accessing the Tracker from Agents", step by step.
. "$(dirname "$0")/../lib.sh"
set_up_seed
cat >projection.sh <<'AGENT'
set -eu
python3 access_tracker.py "$ORCH_REPO/.orchestration/tracker.json" >/dev/null
python3 access_tracker.py "$ORCH_REPO/.orchestration/tracker.json" '{"lanes": {"db-projection": {"progress": "50% complete"}}}'
echo "projection" >projection.txt
git add -A
git commit -q -m "the projection"
AGENT
git add -A
git commit -q -m "an agent that tells its progress"

say "1. Initialize, and start: here with one lane of one's own, the phases one by one"
run ./worktree_orchestrate.sh init
run ./worktree_orchestrate.sh add-lane db-projection '{"tasks": ["Project the database"], "parallel": true, "command": ["sh", "projection.sh"]}'
run ./worktree_orchestrate.sh execute

say "2. Monitor progress"
run python3 monitor_orchestration.py
run ./worktree_orchestrate.sh status

say "3. Check individual lane status"
cd .worktrees/agent-db-projection
run git status
run git log --oneline
[ -z "$(git status --porcelain)" ] || exit 1
cd ../..

say "The agent told its progress through the tracker, and nothing but that"
expect_file .orchestration/tracker.json '"progress": "50% complete"'

say "4. Merge results when complete"
run ./worktree_orchestrate.sh merge
expect_file projection.txt projection

say "5. Clean up"
run ./worktree_orchestrate.sh cleanup
expect_no_file .worktrees/agent-db-projection
