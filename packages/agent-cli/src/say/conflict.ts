import type { TaskConflict } from "@orchard/workflow/tasks";
import type { Answer } from "../answer.ts";

/** Two tasks' work that does not fit together: what happened, that nothing was changed, and the next command. Exit 5. */
export function sayConflict(outcome: TaskConflict): Answer {
  const { task, with: other, other: mine, files, resolve } = outcome;
  const sides = [other, ...mine].join(" and ");
  const what = task === undefined ? "the worktree was not restacked" : `${task} was not started`;
  const lines = [
    `Conflict: the code of ${sides} does not fit together in ${files.join(", ")}; ${what}.`,
    `Nothing was changed in this worktree${task === undefined ? "" : ", and no claim was taken"}.`,
    resolve === undefined
      ? `Next: orbit-agent start ${task ?? ""} --resolve hand`
      : `Resolve it in ${resolve.path} (git status, edit, git add, git commit), then here again: ${task === undefined ? "orbit-agent restack --continue" : `orbit-agent start ${task}`}`,
  ];
  return { data: outcome, text: `${lines.join("\n")}\n`, exitCode: 5 };
}
