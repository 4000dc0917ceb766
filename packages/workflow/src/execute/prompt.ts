import { printable } from "@orchard/kernel";
import { type Command, findDefinition, type Lane, type Spec, shownCommand } from "@orchard/tracker-core";

/** What the agent is told: its tasks, where it stands, what counts as done and why an earlier attempt did not. */
export function promptFor(
  lane: Lane,
  number: number,
  {
    commitsItself = true,
    spec,
    verify = [],
  }: {
    readonly commitsItself?: boolean;
    readonly spec?: Spec | undefined;
    /** What is run on the lane's commit when the agent has ended. */
    readonly verify?: readonly Command[];
  } = {},
): string {
  const { definition, worktree } = lane;
  const failure = number > 1 ? lane.failure?.reason : undefined;
  return [
    `# ${definition.name ?? lane.id}`,
    `You work alone in this git worktree, on branch ${worktree?.branch ?? `lane-${lane.id}`}. Other agents work in theirs at the same time.`,
    section("Tasks", [...whoseTasks(spec), ...definition.tasks.map((task, at) => `${at + 1}. ${titled(spec, task)}`)]),
    section("How to work", definition.spec === undefined ? [] : TASK_BY_TASK),
    section(
      "Files this lane is about",
      definition.files.map((file) => `- ${file}`),
    ),
    failure === undefined
      ? ""
      : `## Attempt ${number}\nThe attempt before did not count as done: ${failure}\nIts work is still here; go on from it.`,
    [
      "## Done means",
      ...(definition.spec === undefined ? [] : ["- nothing of these tasks is available to you any more"]),
      ...(definition.noChange ? ["- what was asked is answered"] : []),
      ...(commitsItself ? committed(definition.noChange) : [LEFT_TO_US]),
      ...verified(verify),
      "- you end with exit code 0",
    ].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

const TASK_BY_TASK = [
  "1. `orbit-agent next --start` claims a task, brings the code that it needs into this worktree and names it.",
  "2. Do that task and commit it.",
  "3. `orbit-agent complete <task>`. If it cannot be done: `orbit-agent fail <task> --reason '…'`.",
  "4. Again from 1, until nothing is available. Then end with exit code 0, also when tasks are left: they wait for others, and you are called again when they can be started.",
];

function whoseTasks(spec: Spec | undefined): readonly string[] {
  return spec === undefined ? [] : [`Of ${spec.definition.path}; only these are yours:`];
}

function titled(spec: Spec | undefined, task: string): string {
  const title = spec && findDefinition(spec, task)?.title;
  return title === undefined ? task : `${task} ${title}`;
}

function committed(noChange: boolean): readonly string[] {
  return [...(noChange ? [] : ["- the work is committed on this branch"]), "- `git status` is clean"];
}

/** Each on a line of its own, whatever is in it. */
function verified(commands: readonly Command[]): readonly string[] {
  if (commands.length === 0) return [];
  const lines = commands.map((command) => `  - ${printable(shownCommand({ command })).replace(/\s*\n\s*/g, " ⏎ ")}`);
  return ["- these commands, which are run on what you leave, succeed:", ...lines];
}

const LEFT_TO_US =
  "- the files are as they shall be; do not commit, git is read-only for you: what you leave is committed when you end";

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`## ${title}`, ...lines].join("\n");
}
