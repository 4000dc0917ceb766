#!/bin/sh
# What a coding agent would do, scripted: mends each TODO of the files that its lane is about, or works through its tasks.
set -eu
echo "$ORCH_LANE" >>"$STAGE/runs"
if [ -n "${ORBIT_TASKS:-}" ]; then
  for task in $(printf '%s' "$ORBIT_TASKS" | tr , ' '); do
    orbit-agent start "$task" >/dev/null
    mkdir -p parts
    echo "$task" >"parts/$task.txt"
    git add -A
    git commit -q -m "$task"
    orbit-agent complete "$task" >/dev/null
  done
  exit 0
fi
# The prompt lists the files that the lane is about.
for file in $(sed -n 's/^- \(src\/[a-z/.]*\)$/\1/p' "$ORCH_PROMPT_FILE"); do
  sed -i.old -e 's/TODO: //' "$file"
  rm -f "$file.old"
done
git add -A
git commit -q -m "mend what $ORCH_LANE is about"
