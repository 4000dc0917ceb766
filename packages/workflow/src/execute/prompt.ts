import type { Lane } from "@orchard/tracker-core";

/** What the agent is told: its tasks, where it stands, what counts as done and why an earlier attempt did not. */
export function promptFor(
  lane: Lane,
  number: number,
  { commitsItself }: { readonly commitsItself: boolean } = { commitsItself: true },
): string {
  const { definition, worktree } = lane;
  const failure = number > 1 ? lane.failure?.reason : undefined;
  return [
    `# ${definition.name ?? lane.id}`,
    `You work alone in this git worktree, on branch ${worktree?.branch ?? `lane-${lane.id}`}. Other agents work in theirs at the same time.`,
    section(
      "Tasks",
      definition.tasks.map((task, index) => `${index + 1}. ${task}`),
    ),
    section(
      "Files this lane is about",
      definition.files.map((file) => `- ${file}`),
    ),
    failure === undefined
      ? ""
      : `## Attempt ${number}\nThe attempt before did not count as done: ${failure}\nIts work is still here; go on from it.`,
    [
      "## Done means",
      ...(definition.noChange ? ["- what was asked is answered"] : []),
      ...(commitsItself ? committed(definition.noChange) : [LEFT_TO_US]),
      "- you end with exit code 0",
    ].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function committed(noChange: boolean): readonly string[] {
  return [...(noChange ? [] : ["- the work is committed on this branch"]), "- `git status` is clean"];
}

const LEFT_TO_US =
  "- the files are as they shall be; do not commit, git is read-only for you: what you leave is committed when you end";

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`## ${title}`, ...lines].join("\n");
}
