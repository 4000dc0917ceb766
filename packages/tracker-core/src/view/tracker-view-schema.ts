import * as z from "zod";
import { commandSchema, prioritySchema } from "../domain/schemas.ts";

const time = z.iso.datetime();
const timeOrNull = time.nullable();
const textOrNull = z.string().nullable();

const attemptSchema = z.looseObject({
  token: z.string(),
  number: z.int(),
  agent: z.string(),
  intended_at: time,
  started_at: timeOrNull,
  ended_at: timeOrNull,
  end: z.looseObject({ outcome: z.string() }).nullable(),
  abandoned: z.literal(true).optional(),
  waited: z.literal(true).optional(),
  failure: z.string().optional(),
  /** Made for a definition that the lane had before. */
  former: z.literal(true).optional(),
});

export const agentViewSchema = z.looseObject({
  id: z.string(),
  /** Relative to `main_repo`. */
  worktree: z.string(),
  lane: z.string(),
  branch: z.string(),
  status: z.enum(["created", "running", "completed", "failed", "removed"]),
  created_at: time,
  status_changed_at: time,
  /** Of the supervisor while an attempt is under way. */
  pid: z.int().nullable(),
  agent: textOrNull,
  attempt: z.int(),
  attempt_token: textOrNull,
});

export const laneViewSchema = z.looseObject({
  name: z.string(),
  spec: z.string().optional(),
  probe: z.string().optional(),
  tasks: z.array(z.string()),
  parallel: z.boolean(),
  priority: prioritySchema,
  dependsOn: z.array(z.string()),
  files: z.array(z.string()),
  agent: z.string().optional(),
  command: commandSchema.optional(),
  verify: z.array(commandSchema).optional(),
  noChange: z.boolean(),
  /** Ids of the gaps that it closes; only of a lane that a plan made. */
  gaps: z.array(z.string()).optional(),
  status: z.enum(["pending", "running", "completed", "failed", "blocked"]),
  /** Finer than `status`. */
  state: z.enum([
    "pending",
    "preparing",
    "ready",
    "intended",
    "running",
    "settling",
    "retrying",
    "parked",
    "completed",
    "failed",
    "stopped",
  ]),
  created_at: time,
  status_changed_at: time,
  /** Files changed below `docs/_generated`, relative to it; an agent may tell one with a time. */
  results: z.array(z.union([z.string(), z.looseObject({ file: z.string() })])),
  changed_files: z.array(z.string()),
  progress: z.string(),
  worktree: textOrNull,
  ports: z.record(z.string(), z.int()),
  env_name: textOrNull,
  set_up: z.boolean(),
  branch: z.string(),
  start: textOrNull,
  head: textOrNull,
  unverified: z.boolean(),
  attempts: z.array(attemptSchema),
  attempts_allowed: z.int(),
  retry_at: timeOrNull,
  parked: z
    .looseObject({ at: time, waits: z.array(z.looseObject({ task: z.string(), reason: z.string() })) })
    .optional(),
  failure: z.looseObject({ cause: z.string(), reason: z.string(), at: time }).nullable(),
  merge: z.looseObject({ state: z.enum(["none", "waiting", "intended", "landed", "conflicted", "rejected"]) }),
});

/** `tracker.json`. Fields may be added beside these; the ones that are here keep their names and meanings. */
export const trackerViewSchema = z.looseObject({
  /** Up to which record of the journal the file holds. */
  journal: z.looseObject({}).optional(),
  version: z.literal("1.0.0"),
  schema: z.int(),
  main_repo: textOrNull,
  worktrees_dir: textOrNull,
  base: textOrNull,
  created_at: timeOrNull,
  updated_at: time,
  /** 0 initialised, 1 probes, 2 plan, 3 execute, 4 merge. */
  phase: z.int().min(0).max(4),
  status: z.enum(["initialized", "running", "completed", "failed"]),
  /** By `agent-<lane>`. */
  agents: z.record(z.string(), agentViewSchema),
  lanes: z.record(z.string(), laneViewSchema),
  /** The newest run of all phases, `orch full`. */
  run: z
    .looseObject({
      id: z.string(),
      workflow: z.string(),
      started_at: time,
      phases_done: z.array(z.int()),
      ended_at: timeOrNull,
      outcome: textOrNull,
    })
    .nullable(),
  driver: z.looseObject({ pid: z.int(), started_at: time, command: z.string(), epoch: z.int() }).nullable(),
  base_behind: z.looseObject({ landed: z.string(), why: z.string() }).nullable(),
  base_conflict: z.looseObject({ files: z.array(z.string()) }).nullable(),
  flaky: z.array(z.looseObject({ command: z.string() })),
});
