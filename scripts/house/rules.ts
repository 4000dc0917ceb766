/** A room is a package or an app. What one may use is written here and nowhere else. */
export interface RoomRule {
  /** `beside`: for tests only. */
  readonly floor: 0 | 1 | 2 | 3 | 4 | "beside";
  readonly says: string;
  /** Rooms by name. Only rooms on lower floors; host may use kernel. */
  readonly mayUse: readonly string[];
  /** What may be imported from outside the house; `node:` = Node's own modules. */
  readonly outside: readonly string[];
  /** Where something may only be imported by part of the room: a file or a folder (ends with `/`) below `src/`. */
  readonly onlyIn?: Readonly<Record<string, string>>;
  /** Words that no exported name may contain: they belong to a higher floor. */
  readonly neverSays?: readonly string[];
  /** Folders below `src/` (`""` = all) that are pure: no waiting, no clock, no chance, no world. */
  readonly pure?: readonly string[];
  /** Files below `src/` that may write to stderr although the room is below floor 4, because there it is a file. */
  readonly ownStderr?: readonly string[];
  /** Rooms whose program is installed together with this one; nothing of them is imported. */
  readonly brings?: readonly string[];
  /** Planned; there is no folder yet. */
  readonly toCome?: true;
}

const TASK_WORDS = ["lane", "agent", "task", "track"];

export const RULES: Readonly<Record<string, RoomRule>> = {
  kernel: {
    floor: 0,
    says: "coded errors, id rules, clock and id sources, sanitising of untrusted text",
    mayUse: [],
    outside: [],
    pure: [""],
  },
  host: {
    floor: 0,
    says: "durable files, process identity and tree, boot time, locks",
    mayUse: ["kernel"],
    outside: ["node:", "proper-lockfile"],
    onlyIn: { "proper-lockfile": "locks/make-lock.ts" },
    neverSays: [...TASK_WORDS, "attempt"],
  },
  "tracker-core": {
    floor: 1,
    says: "the words, what may happen to them (decide, evolve), and the store",
    mayUse: ["kernel", "host"],
    outside: ["node:", "zod"],
    onlyIn: { host: "store/", "node:": "store/" },
    pure: ["domain/", "decide/", "evolve/", "view/"],
  },
  "worktree-git": {
    floor: 1,
    says: "git: worktrees, merges without a work tree, checkout advance, trash and rescue",
    mayUse: ["kernel", "host"],
    outside: ["node:", "simple-git"],
    onlyIn: { "simple-git": "git/read-log.ts" },
    neverSays: TASK_WORDS,
  },
  "task-files": {
    floor: 1,
    says: "reads and ticks layered-tasks.md and the other task formats",
    mayUse: ["kernel"],
    outside: [],
    pure: [""],
  },
  scheduler: {
    floor: 2,
    says: "graph, cycles, ready set, why not, critical path, admission, merge order",
    mayUse: ["kernel"],
    outside: [],
    pure: [""],
  },
  "agent-runner": {
    floor: 2,
    says: "adapters for agent CLIs, the supervisor, limits, typed events",
    mayUse: ["kernel", "host"],
    outside: ["node:"],
    // The supervisor runs detached, its stderr is a file of the attempt.
    ownStderr: ["supervise/end-attempt.ts"],
  },
  "track-manager": {
    floor: 2,
    says: "tracks, runs, checkpoints, session recovery",
    mayUse: ["kernel", "tracker-core"],
    outside: ["zod"],
    toCome: true,
  },
  workflow: {
    floor: 3,
    says: "use cases: execute lanes, claim tasks, land, clean, recover",
    mayUse: ["kernel", "host", "tracker-core", "worktree-git", "task-files", "scheduler", "agent-runner"],
    outside: ["node:", "zod", "jsonc-parser", "ms", "bytes", "markdown-it"],
    onlyIn: { "markdown-it": "probes/built-in/text/links.ts" },
  },
  terminal: {
    floor: 3,
    says: "what the command lines share: colours, safe text, errors as text",
    mayUse: ["kernel"],
    outside: ["picocolors"],
  },
  "agent-cli": {
    floor: 4,
    says: "orbit-agent: what an agent asks and tells, inside its worktree",
    mayUse: [
      "kernel",
      "host",
      "tracker-core",
      "worktree-git",
      "task-files",
      "scheduler",
      "agent-runner",
      "workflow",
      "terminal",
    ],
    outside: ["node:", "commander", "zod"],
  },
  orch: {
    floor: 4,
    says: "orch: the composition root and the terminal",
    mayUse: ["kernel", "host", "tracker-core", "worktree-git", "scheduler", "agent-runner", "workflow", "terminal"],
    outside: ["node:", "commander", "cli-table3", "log-update", "ms", "zod"],
    // Agents find orbit-agent on their PATH wherever orch was installed.
    brings: ["agent-cli"],
  },
  monitor: {
    floor: 4,
    says: "the monitor's server and page; reads only",
    mayUse: ["kernel", "tracker-core", "worktree-git", "scheduler", "track-manager", "agent-runner"],
    outside: ["node:", "fastify", "zod"],
    toCome: true,
  },
  testkit: {
    floor: "beside",
    says: "fixtures for tests; imports no product package",
    mayUse: [],
    outside: ["node:", "vitest"],
  },
};

/** From the top of the house to the ground. */
export const FLOORS = [
  [4, "what people touch"],
  [3, "use cases"],
  [2, "thinking, driving"],
  [1, "holding"],
  [0, "ground"],
  ["beside", "tests"],
] as const;
