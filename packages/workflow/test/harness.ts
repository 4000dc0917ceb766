import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { endTree, livenessOf } from "@orchard/host";
import type { LaneId } from "@orchard/kernel";
import { type GitRepo, gitRepo, until } from "@orchard/testkit";
import { isActive, type Lane, lanesInOrder, requireLane, type Tracker } from "@orchard/tracker-core";
import {
  addLaneFromJson,
  besideDriver,
  type Driver,
  type Executed,
  executeLanes,
  findPlace,
  initialiseRepository,
  type Landing,
  landLanes,
  type Orchard,
  openOrchard,
  type Place,
  type Ports,
  stopLanes,
  type WorkEvent,
  type Worker,
  withDriver,
} from "../src/index.ts";
import { testPorts } from "./ports.ts";

/** A real repository that Orchard was set up in, and what a test does with it. */
export interface Garden extends AsyncDisposable {
  readonly repo: GitRepo;
  readonly place: Place;
  readonly events: WorkEvent[];
  orchard: Orchard;
  /** Opens the store anew, as another process does: settings are read again. */
  reopen(): Promise<void>;
  add(id: string, lane: Record<string, unknown>): Promise<void>;
  execute(options?: {
    readonly maxParallel?: number;
    readonly only?: string;
    readonly agent?: string;
    readonly allowRedBase?: boolean;
  }): Promise<Executed>;
  merge(options?: {
    readonly resolve?: "hand";
    readonly only?: string;
    readonly allowRedBase?: boolean;
    readonly acceptReverts?: readonly string[];
  }): Promise<Landing>;
  drive<Result>(work: (driver: Driver) => Promise<Result>, interrupted?: AbortSignal): Promise<Result>;
  worker(): Worker;
  tracker(): Promise<Tracker>;
  lane(id: string): Promise<Lane>;
  /** Absolute path of a lane's worktree. */
  worktree(id: string): string;
  /** Short id of what a branch or ref names. */
  at(ref: string): string;
}

/** Limits that a busy machine does not reach. */
const LIMITS = { freeDisk: "1MB", freeMemory: "1MB", idle: "2m" };

export async function garden(
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly config?: Readonly<Record<string, unknown>>;
    /** What is another than in {@link testPorts}. */
    readonly ports?: Partial<Ports>;
  } = {},
): Promise<Garden> {
  const repo = gitRepo({
    "README.md": "hello\n",
    "orch.config.jsonc": JSON.stringify({ limits: LIMITS, ...options.config }),
    ...options.files,
  });
  const events: WorkEvent[] = [];
  const ports = { ...testPorts((event) => void events.push(event)), ...options.ports };
  const place = findPlace(repo.path);
  await initialiseRepository(place, ports, { by: "test" });
  const open = () => openOrchard(place, ports, { by: "test" });
  const signal = new AbortController().signal;
  const garden: Garden = {
    repo,
    place,
    events,
    orchard: await open(),
    reopen: async () => {
      await garden.orchard[Symbol.asyncDispose]();
      garden.orchard = await open();
    },
    add: async (id, lane) => {
      const json = JSON.stringify({ parallel: true, ...lane });
      await addLaneFromJson(garden.orchard, id, json, { replace: false, source: "test" });
    },
    execute: ({ maxParallel = 4, only, agent, allowRedBase } = {}) =>
      garden.drive((driver) =>
        executeLanes(driver, {
          maxParallel,
          agent,
          allowRedBase,
          ...(only === undefined ? {} : { only: only as LaneId }),
        }),
      ),
    merge: ({ resolve, only, allowRedBase, acceptReverts } = {}) =>
      garden.drive((driver) =>
        landLanes(driver, {
          resolve,
          allowRedBase,
          only: only as LaneId | undefined,
          acceptReverts: acceptReverts as readonly LaneId[] | undefined,
        }),
      ),
    drive: (work, interrupted = signal) => withDriver(garden.orchard, { command: "test", interrupted }, work),
    worker: () => besideDriver(garden.orchard, signal),
    tracker: () => garden.orchard.tracker(),
    lane: async (id) => requireLane(await garden.orchard.tracker(), id),
    worktree: (id) => join(place.worktreesDir, `agent-${id}`),
    at: (ref) => repo.git(["rev-parse", ref]),
    [Symbol.asyncDispose]: () => leave(garden),
  };
  return garden;
}

/** Nothing that a test started goes on after it. */
async function leave({ orchard, repo }: Garden): Promise<void> {
  try {
    if (lanesInOrder(await orchard.tracker()).some(isActive)) await stopLanes(orchard, undefined, "the test is over");
    for (const lane of lanesInOrder(await orchard.tracker())) {
      for (const { supervisor } of lane.attempts) {
        if (supervisor === undefined) continue;
        await until("a supervisor ends", () => livenessOf(supervisor) === "dead", { within: 10_000 }).catch(() =>
          endTree(supervisor, { graceMs: 1_000 }),
        );
      }
    }
  } finally {
    await orchard[Symbol.asyncDispose]();
    repo[Symbol.dispose]();
  }
}

/** A shell line that writes `files`, commits them and ends well. */
export function commits(files: Readonly<Record<string, string>>): string {
  const writes = Object.entries(files).map(([file, text]) => {
    const folder = file.includes("/") ? `mkdir -p '${file.slice(0, file.lastIndexOf("/"))}' && ` : "";
    return `${folder}printf '%s\\n' '${text}' > '${file}'`;
  });
  return [...writes, "git add -A", "git commit -qm work"].join(" && ");
}

/** A shell line that waits until `path` exists; a test holds the agent with it and lets it go. */
export function waitsFor(path: string): string {
  return `while [ ! -e '${path}' ]; do sleep 0.05; done`;
}

export function contentAt(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
