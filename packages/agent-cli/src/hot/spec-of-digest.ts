import {
  knowStatuses,
  type Spec,
  type TaskDefinition,
  type TaskRecord,
  type TaskState,
  type TaskStatus,
} from "@orchard/tracker-core";
import type { Digest } from "./digest-of-view.ts";
import type { TaskView } from "./task-view.ts";

/** The spec of a digest, as far as reading commands ask for it. */
export function specOfDigest(digest: Digest): Spec {
  const columns: Columns = {
    titles: digest.titles.split("\n"),
    agents: digest.agents.split("\n"),
    layersOf: digest.layersOf.split("\n"),
    needs: digest.needs.split("\n"),
    inferred: digest.inferred.split("\n"),
    statuses: digest.statuses.split("\n"),
    records: digest.records,
  };
  const ids = digest.ids === "" ? [] : digest.ids.split("\n");
  const tasks: TaskDefinition[] = [];
  const statuses = new Map<string, TaskStatus>();
  for (const [at, id] of ids.entries()) {
    tasks.push(new DigestedTask(id, at, columns));
    statuses.set(id, columns.statuses[at] as TaskStatus);
  }
  const { path, hash, rules, layers } = digest;
  const definition = {
    ...{ path, hash, rules },
    layers: layers.map(([number, title]) => ({ number, title })),
    tasks,
  };
  const records = Object.entries(digest.records).map(([id, task]) => [id, recordOf(id, task)] as const);
  const spec = { name: digest.spec, definition, tasks: Object.fromEntries(records) };
  knowStatuses(spec, statuses);
  return spec;
}

interface Columns {
  readonly titles: readonly string[];
  readonly agents: readonly string[];
  readonly layersOf: readonly string[];
  readonly needs: readonly string[];
  readonly inferred: readonly string[];
  readonly statuses: readonly string[];
  readonly records: Digest["records"];
}

/** Of thousands of tasks a command looks at some: what they are is read out of the columns when somebody asks. */
class DigestedTask implements TaskDefinition {
  readonly id: string;
  readonly at: number;
  readonly columns: Columns;

  constructor(id: string, at: number, columns: Columns) {
    this.id = id;
    this.at = at;
    this.columns = columns;
  }

  get title() {
    return this.columns.titles[this.at] ?? "";
  }

  get layer() {
    const text = this.columns.layersOf[this.at] ?? "";
    return text === "" ? undefined : Number(text);
  }

  get agent() {
    return this.columns.agents[this.at] || undefined;
  }

  get dependsOn() {
    return idsIn(this.columns.needs[this.at]);
  }

  get inferred() {
    const text = this.columns.inferred[this.at];
    return text === "" ? undefined : idsIn(text);
  }

  get ticked() {
    return this.columns.statuses[this.at] === "completed" && !Object.hasOwn(this.columns.records, this.id);
  }

  get line() {
    return 0;
  }
}

function idsIn(text = ""): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

function recordOf(id: string, task: TaskView): TaskRecord {
  const { epoch = 0 } = task;
  const changedAt = task.status_changed_at ?? "";
  return {
    id,
    state: stateOf(task.status),
    stateChangedAt: changedAt,
    epoch,
    claim: task.renewed_at === undefined ? undefined : claimOf(task, epoch, task.renewed_at),
    work: workOf(task),
    pr: prOf(task),
    failure: task.failure === undefined ? undefined : { reason: task.failure, at: changedAt },
    notes: task.notes ?? [],
    late: [],
  };
}

function stateOf(status: TaskStatus): TaskState {
  return status === "available" || status === "blocked" ? "open" : status;
}

function claimOf(task: TaskView, epoch: number, renewedAt: string): TaskRecord["claim"] {
  return {
    epoch,
    tokenHash: "",
    agent: task.agent ?? "",
    place: placeOf(task),
    start: "",
    since: task.started_at ?? renewedAt,
    renewedAt,
    renewedSinceBoot: 0,
    boot: "",
    leaseMs: task.lease_ms ?? 0,
    waitingFor: task.waiting_reason,
  };
}

function workOf(task: TaskView): TaskRecord["work"] {
  if (task.completed_at === undefined) return undefined;
  return {
    commit: task.commit,
    start: "",
    agent: task.agent ?? "",
    place: placeOf(task),
    completedAt: task.completed_at,
    startedAt: task.started_at ?? task.completed_at,
    contains: [],
    noCode: task.no_code,
    lostAt: task.lost_at,
    landed: task.landed === undefined ? undefined : { commit: task.landed, at: "" },
  };
}

function placeOf({ worktree_path: path = "", lane, branch }: TaskView) {
  return { worktree: "", path, branch, lane };
}

function prOf({ pr, pr_url: url, pr_status: status }: TaskView): TaskRecord["pr"] {
  return status === undefined ? undefined : { status, url, number: pr === undefined ? undefined : Number(pr.slice(1)) };
}
