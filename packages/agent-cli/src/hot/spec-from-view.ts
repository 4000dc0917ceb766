import {
  knowStatuses,
  type PrStatus,
  type Spec,
  type SpecDefinition,
  type TaskDefinition,
  type TaskRecord,
  type TaskState,
  type TaskStatus,
} from "@orchard/tracker-core";
import type { ViewRead } from "./read-view.ts";

/**
 * The spec of which `content` is the view, as far as reading commands ask for it; `undefined` when the view cannot say
 * it: of another shape than ours, or with ids whose order an object does not keep. The store's own checksum vouches for
 * the content, so it is not checked field by field.
 */
export function specFromView(content: ViewRead["content"]): Spec | undefined {
  if (content["schema"] !== 1) return undefined;
  const view = content as unknown as SpecView;
  const tasks: TaskDefinition[] = [];
  const records: Record<string, TaskRecord> = {};
  const statuses = new Map<string, TaskStatus>();
  for (const [id, task] of Object.entries(view.tasks)) {
    // Such keys come first, whatever order they were given in.
    if (tasks.length === 0 && isIndex(id)) return undefined;
    if (task.removed !== true) {
      tasks.push(new ViewedTask(id, task));
      statuses.set(id, task.status);
    }
    if (task.epoch !== undefined) records[id] = recordOf(id, task, task.epoch);
  }
  const layers = Object.entries(view.layers).filter(([, { title }]) => title !== "");
  const definition: SpecDefinition = {
    path: view.definition.path,
    hash: view.definition.hash,
    layers: layers.map(([number, { title }]) => ({ number: Number(number), title })),
    tasks,
    rules: view.rules,
  };
  const spec = { name: view.spec, definition, tasks: records };
  knowStatuses(spec, statuses);
  return spec;
}

interface SpecView {
  readonly spec: string;
  readonly definition: { readonly path: string; readonly hash: string };
  readonly rules: SpecDefinition["rules"];
  readonly layers: Readonly<Record<string, { readonly title: string }>>;
  readonly tasks: Readonly<Record<string, TaskView>>;
}

interface TaskView {
  readonly status: TaskStatus;
  readonly title?: string;
  readonly layer?: number;
  readonly dependencies?: readonly string[];
  readonly inferred_dependencies?: readonly string[];
  readonly assigned_to?: string;
  readonly removed?: true;
  readonly epoch?: number;
  readonly agent?: string;
  readonly worktree_path?: string;
  readonly lane?: string;
  readonly branch?: string;
  readonly started_at?: string;
  readonly renewed_at?: string;
  readonly lease_ms?: number;
  readonly waiting_reason?: string;
  readonly completed_at?: string;
  readonly commit?: string;
  readonly no_code?: string;
  readonly landed?: string;
  readonly lost_at?: string;
  readonly pr?: string;
  readonly pr_url?: string;
  readonly pr_status?: PrStatus;
  readonly failure?: string;
  readonly notes?: TaskRecord["notes"];
  readonly status_changed_at?: string;
}

function isIndex(id: string): boolean {
  return /^(0|[1-9]\d*)$/.test(id);
}

/** Of thousands of tasks a command looks at some: what they are is read out of the view when somebody asks. */
class ViewedTask implements TaskDefinition {
  readonly id: string;
  readonly task: TaskView;

  constructor(id: string, task: TaskView) {
    this.id = id;
    this.task = task;
  }

  get title() {
    return this.task.title ?? "";
  }

  get layer() {
    return this.task.layer;
  }

  get agent() {
    return this.task.assigned_to;
  }

  get dependsOn() {
    return this.task.dependencies ?? [];
  }

  get inferred() {
    return this.task.inferred_dependencies;
  }

  get ticked() {
    return this.task.epoch === undefined && this.task.status === "completed";
  }

  get line() {
    return 0;
  }
}

function recordOf(id: string, task: TaskView, epoch: number): TaskRecord {
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
