# Works a lane off the way a coding agent would: reads its prompt, writes something, commits it.
set -eu
mkdir -p docs/_generated
cat >"docs/_generated/$ORCH_LANE.md"
git add -A
git commit -q -m "$ORCH_LANE"
