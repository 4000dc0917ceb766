#!/bin/sh
# "completeOn": "merge" (seed 001, question 2): a finished task counts only once the base branch contains it.
. "$(dirname -- "$0")/../lib.sh"

set_up '{ "completeOn": "merge" }'
worktree one
worktree two

cd "$stage/one"
run orbit-agent start T001 --agent one
work model.ts "export const model = 1;" "T001 model"
run orbit-agent complete T001 --agent one --pr 1

cd "$stage/two"
refused orbit-agent start T002 --agent two

say "The pull request is merged."
git -C "$repo" merge -q --no-ff -m "Merge T001 (#1)" agent-one
run orbit-agent start T002 --agent two
expect_file model.ts "model = 1"
