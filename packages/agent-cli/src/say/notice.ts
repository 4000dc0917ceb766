import type { Flag } from "@orchard/workflow/tasks";

/** One thing in the asker's worktree that is out of step, told at the end of every command. */
export interface Notice extends Flag {
  readonly text: string;
  /** The next command, where there is one. */
  readonly hint: string | undefined;
}

export function noticeOf(flag: Flag): Notice {
  return { ...flag, text: sentenceOf(flag), hint: flag.restack ? "orbit-agent restack" : undefined };
}

export function noticeLine({ text, hint }: Notice): string {
  return `notice: ${text}${hint === undefined ? "" : ` Mend it: ${hint}`}\n`;
}

function sentenceOf({ task, why, commit }: Flag): string {
  const code = commit.slice(0, 10);
  switch (why) {
    case "replaced":
      return `${task} has changed; this worktree contains its old commit ${code}.`;
    case "rejected":
      return `${task} is rejected; this worktree contains its code (${code}).`;
    case "accepted":
      return `${task} is accepted again; its code was taken out of this worktree.`;
    case "redone":
      return `${task} is being done again; this worktree contains its old code (${code}).`;
    case "missing":
      return `${task}: its commit ${code} is not in this worktree's history any more.`;
    case "gone":
      return `${task}: no branch holds its commit ${code} any more, and this worktree contains it.`;
  }
}
