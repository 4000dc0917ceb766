# Seed 000, "Quick Start" and "How It Works": the whole orchestration by its own commands.
. "$(dirname "$0")/../lib.sh"
set_up_seed

say "Initialize the system"
run ./worktree_orchestrate.sh init

say "Run full orchestration: probes, plan, execute, merge"
run ./worktree_orchestrate.sh full

say "In another terminal, monitor progress"
run python3 monitor_orchestration.py
run python3 monitor_orchestration.py --web

say "The tracker has the seed's fields; the probes' results and the lanes' work are on main, the checkout is clean"
status=$(orbit-agent tracker get status)
[ "$status" = completed ] || exit 1
[ "$(orbit-agent tracker get phase)" = 4 ] || exit 1
expect_file .orchestration/tracker.json '"agent-probe-todo"'
expect_file docs/_generated/todo.json "refuse what is no number"
expect_file docs/_generated/execution_plan.json '"total_lanes"'
git diff --quiet HEAD -- . || exit 1
[ -z "$(git status --porcelain)" ] || exit 1
