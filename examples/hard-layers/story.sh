#!/bin/sh
# "layers": "hard" (seed 001, option B): a layer has a branch; whole, it lands in one verified merge, which opens the next.
. "$(dirname -- "$0")/../lib.sh"

set_up '{ "layers": "hard", "verify": ["test -f README.md"] }'
worktree one
worktree two

cd "$stage/one"
run orbit-agent start T001 --agent one
work model.ts "export const model = 1;" "T001 model"
run orbit-agent complete T001 --agent one

say "T003 depends on T001 alone, but its layer is not open yet."
cd "$stage/two"
refused orbit-agent start T003 --agent two
run orbit-agent start T002 --agent two
work store.ts "export const store = 1;" "T002 store"
run orbit-agent complete T002 --agent two

say "The layer is whole: it lands."
cd "$repo"
run orch merge
git log --oneline --graph -6
expect_file model.ts "model = 1"
expect_file store.ts "store = 1"

say "The next layer is open; worktrees start at its branch."
worktree three layer-2-infrastructure
cd "$stage/three"
expect_file model.ts "model = 1"
run orbit-agent start T003 --agent three
