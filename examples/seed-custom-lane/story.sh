# Seed 000, "Custom Lane Execution" and "Parallel Monitoring".
. "$(dirname "$0")/../lib.sh"
set_up_seed
run ./worktree_orchestrate.sh init

say "Define a custom lane"
cat >lane.json <<JSON
{
  "name": "Custom Analysis",
  "tasks": ["Analyze performance", "Generate report"],
  "parallel": true,
  "priority": "high"
}
JSON

say "Add and execute"
run ./worktree_orchestrate.sh add-lane custom-analysis "$(cat lane.json)"
run ./worktree_orchestrate.sh exec-lane custom-analysis

say "Its agent was given both tasks"
expect_file .worktrees/agent-custom-analysis/docs/_generated/custom-analysis.md "Analyze performance"
expect_file .worktrees/agent-custom-analysis/docs/_generated/custom-analysis.md "Generate report"

say "Watch the tracker file directly: plain JSON at every moment"
lane=$(node -e 'console.log(JSON.parse(fs.readFileSync(".orchestration/tracker.json", "utf8")).lanes["custom-analysis"].status)')
[ "$lane" = completed ] || exit 1

say "An id that is taken is refused, and nothing of the lane is lost"
refused ./worktree_orchestrate.sh add-lane custom-analysis "$(cat lane.json)"
expect_file .orchestration/tracker.json '"custom-analysis.md"'
