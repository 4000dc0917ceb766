#!/bin/sh
# Three agents, three worktrees: T038 starts while the pull requests of what it depends on are open, with their code
# present. Then one of these is amended, and one rejected and later accepted.
. "$(dirname -- "$0")/../lib.sh"

set_up
worktree claude
worktree copilot
worktree qwen

say "@claude works on the first layer; its pull requests stay open."
cd "$stage/claude"
export ORBIT_AGENT=claude
run orbit-agent available-tasks 001
run orbit-agent start T031
work src/run-record.ts "export const runRecord = 1;" "feat: T031 RunRecord model"
run orbit-agent complete T031 --pr 123
run orbit-agent start T032
work src/step-record.ts "export const stepRecord = 1;" "feat: T032 StepRecord model"
run orbit-agent complete T032 --pr 124

say "@qwen cannot start yet, and is told why."
cd "$stage/qwen"
export ORBIT_AGENT=qwen
refused orbit-agent start T038

say "@copilot finishes the last thing that T038 needs."
cd "$stage/copilot"
export ORBIT_AGENT=copilot
run orbit-agent start T033
work src/configuration.ts "export const configuration = 1;" "feat: T033 Configuration model"
run orbit-agent complete T033 --pr 125

say "@qwen starts on code that no pull request has merged."
cd "$stage/qwen"
export ORBIT_AGENT=qwen
run orbit-agent start T038
expect_file src/run-record.ts "runRecord = 1"
expect_file src/step-record.ts "stepRecord = 1"
expect_file src/configuration.ts "configuration = 1"
work src/http-client.ts "export const httpClient = 1;" "feat: T038 HTTP client"
run orbit-agent complete T038 --pr 130
run orbit-agent supervise 001

say "@claude amends T032. Everybody who built on it is told, and restacks."
cd "$stage/claude"
export ORBIT_AGENT=claude
printf 'export const stepRecord = 2;\n' >src/step-record.ts
git commit -q -a --amend --no-edit
run orbit-agent note T032 "the record has a version now"
cd "$stage/qwen"
export ORBIT_AGENT=qwen
orbit-agent why T038 2>"$stage/notices"
expect_file "$stage/notices" "T032"
run orbit-agent restack
expect_file src/step-record.ts "stepRecord = 2"

say "The review rejects T033: its code leaves the worktree of T038; accepted again, it comes back."
run orbit-agent pr T033 --status rejected
run orbit-agent restack
expect_no_file src/configuration.ts
expect_file src/http-client.ts "httpClient = 1"
run orbit-agent pr T033 --status approved
run orbit-agent restack
expect_file src/configuration.ts "configuration = 1"
run orbit-agent verify-deps T038
run orbit-agent layer-status 001

[ -z "$(git -C "$repo" status --porcelain)" ] || {
  echo "git status shows something of Orchard's" >&2
  exit 1
}
say "Nobody waited for a merge."
