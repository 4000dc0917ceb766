import {
  knowStatuses,
  type Spec,
  type TaskDefinition,
  type TaskRecord,
  type TaskState,
  type TaskStatus,
} from "@orchard/tracker-core";
import { knowRemaining } from "@orchard/workflow/tasks";
import { knowWaits } from "../answers/waits-of.ts";
import type { Digest } from "./digest-of-view.ts";
import type { TaskView } from "./task-view.ts";

/**
 * The spec of a digest, as far as reading commands ask for it. With an `asker`, and where the digest knows what each task
 * waits for, only the tasks that are the asker's or anybody's, and those that something happened to.
 */
export function specOfDigest(digest: Digest, asker?: string): Spec {
  const columns = columnsOf(digest);
  const isKept = digest.waits !== undefined;
  // What was rejected is judged by its dependencies, so they are needed.
  const isNarrow = isKept && asker !== undefined && !digest.statuses.includes("changes_requested");
  const { path, hash, rules, layers } = digest;
  const definition = {
    ...{ path, hash, rules },
    layers: layers.map(([number, title]) => ({ number, title })),
    tasks: tasksOf(digest, columns, isNarrow ? asker : undefined),
  };
  const records = Object.entries(digest.records).map(([id, task]) => [id, recordOf(id, task)] as const);
  const spec = { name: digest.spec, definition, tasks: Object.fromEntries(records) };
  const at = (task: TaskDefinition) => (task as DigestedTask).at;
  knowStatuses(spec, (task) => columns.status(at(task)) as TaskStatus);
  if (isKept) {
    knowWaits(spec, (task) => parts(columns.waits(at(task)), "\t"));
    knowRemaining(spec, (task) => Number(columns.remaining(at(task))));
  }
  return spec;
}

function tasksOf(digest: Digest, columns: Columns, asker: string | undefined): readonly TaskDefinition[] {
  const ids = parts(digest.ids, "\n");
  const places = asker === undefined ? ids.keys() : placesFor(asker, digest, ids);
  return Array.from(places, (at) => new DigestedTask(ids[at] ?? "", at, columns));
}

/** In the file's order. */
function placesFor(asker: string, { places = {}, records }: Digest, ids: readonly string[]): Iterable<number> {
  const wished = [asker, ""].flatMap((name) => (Object.hasOwn(places, name) ? parts(places[name] ?? "", " ") : []));
  const found = new Set(wished.map(Number));
  if (Object.keys(records).length > 0) {
    for (const [at, id] of ids.entries()) if (Object.hasOwn(records, id)) found.add(at);
  }
  return Int32Array.from(found).sort();
}

/** The cells of each column by the task's place in the file; taken apart when the first one is asked for. */
function columnsOf(digest: Digest) {
  const column = (text = "") => {
    let cells: readonly string[] | undefined;
    return (at: number) => {
      cells ??= text.split("\n");
      return cells[at] ?? "";
    };
  };
  return {
    title: column(digest.titles),
    agent: column(digest.agents),
    layer: column(digest.layersOf),
    needs: column(digest.needs),
    inferred: column(digest.inferred),
    status: column(digest.statuses),
    waits: column(digest.waits),
    remaining: column(digest.remaining),
    records: digest.records,
  };
}

type Columns = ReturnType<typeof columnsOf>;

/** Of thousands of tasks a command looks at some: what they are is read out of the columns when somebody asks. */
class DigestedTask implements TaskDefinition {
  declare readonly id: string;
  declare readonly at: number;
  declare readonly columns: Columns;

  constructor(id: string, at: number, columns: Columns) {
    this.id = id;
    this.at = at;
    this.columns = columns;
  }

  get title() {
    return this.columns.title(this.at);
  }

  get layer() {
    const text = this.columns.layer(this.at);
    return text === "" ? undefined : Number(text);
  }

  get agent() {
    return this.columns.agent(this.at) || undefined;
  }

  get dependsOn() {
    return parts(this.columns.needs(this.at), " ");
  }

  get inferred() {
    const text = this.columns.inferred(this.at);
    return text === "" ? undefined : parts(text, " ");
  }

  get ticked() {
    return this.columns.status(this.at) === "completed" && !Object.hasOwn(this.columns.records, this.id);
  }

  get line() {
    return 0;
  }
}

function parts(text: string, separator: string): readonly string[] {
  return text === "" ? [] : text.split(separator);
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
