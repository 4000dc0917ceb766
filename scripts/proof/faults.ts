/** A fault that the product survives, and the suites that cause it. */
export interface Fault {
  /** Short name, to ask for this fault alone. */
  readonly id: string;
  /** What is done to the product, in words. */
  readonly fault: string;
  /** Test files, relative to the root. */
  readonly suites: readonly string[];
}

const store = (name: string) => `packages/tracker-core/test/${name}.test.ts`;
const host = (name: string) => `packages/host/test/dangers/${name}.test.ts`;
const git = (name: string) => `packages/worktree-git/test/${name}.test.ts`;
const runner = (name: string) => `packages/agent-runner/test/dangers/${name}.test.ts`;
const work = (name: string) => `packages/workflow/test/${name}.test.ts`;
const orch = (name: string) => `apps/orch/test/dangers/${name}.test.ts`;

/** Every fault that is caused on purpose, from the bytes on the disk up to a whole run. */
export const FAULTS: readonly Fault[] = [
  {
    id: "simulation",
    fault: "crashes, power cuts and races of the store, simulated",
    suites: [store("store/simulator")],
  },
  { id: "writers-killed", fault: "writers killed at random instants", suites: [store("dangers/kill-at-random")] },
  {
    id: "writers-stopped",
    fault: "writers stopped for longer than any lock lasts",
    suites: [store("dangers/stopped-past-the-stale-time")],
  },
  { id: "many-writers", fault: "many processes write at once", suites: [store("dangers/many-writers")] },
  {
    id: "damaged-journal",
    fault: "a damaged journal, its repair cut off at each step",
    suites: [store("dangers/repair-cut-off"), store("store/repair/rebuild-journal"), work("dangers/doctor-cut-off")],
  },
  {
    id: "locks",
    fault: "holders of a lock that die, stop, sleep, or live through a clock that jumps",
    suites: [
      host("dead-lock-holder"),
      host("died-between-folder-and-holder"),
      host("lock-and-time"),
      host("resumed-lock-holder"),
    ],
  },
  {
    id: "process-trees",
    fault: "process trees that refuse to end, and numbers given to strangers",
    suites: [host("stubborn-tree"), host("pid-reuse")],
  },
  {
    id: "worktrees-at-once",
    fault: "worktrees made by many at once, and killed while they are made",
    suites: [
      git("dangers/worktrees-at-once"),
      git("dangers/checkout-outlives-its-starter"),
      git("dangers/finished-meanwhile"),
    ],
  },
  {
    id: "checkout-killed",
    fault: "a checkout or merge killed at its git calls and at random instants",
    suites: [git("dangers/advance-killed"), git("dangers/begin-merge-killed"), git("dangers/commit-writer-killed")],
  },
  {
    id: "landings-at-once",
    fault: "several processes land at once",
    suites: [git("dangers/two-mergers"), git("dangers/merges-side-by-side")],
  },
  {
    id: "removal",
    fault: "worktrees with every kind of dirt are removed, retired, restored, and killed meanwhile",
    suites: [git("dangers/nothing-is-destroyed"), git("dangers/pool-killed")],
  },
  { id: "planted-code", fault: "code planted into the shared repository", suites: [git("dangers/planted-code")] },
  {
    id: "restack",
    fault: "dependencies amended, rebased, squashed, reverted, rejected, accepted again",
    suites: [git("restack/restack-matrix"), work("tasks/restack-matrix")],
  },
  {
    id: "supervisors",
    fault: "supervisors killed or stopped at any moment, full disks, floods of output",
    suites: [
      runner("supervisor-killed"),
      runner("stop-while-starting"),
      runner("full-disk"),
      runner("flood"),
      work("dangers/died-before-it-ran"),
    ],
  },
  { id: "claims", fault: "many claim one task", suites: [work("dangers/one-winner"), work("dangers/at-once")] },
  { id: "late-holders", fault: "holders of a claim stopped past its lease", suites: [work("dangers/late-holder")] },
  { id: "saved-over", fault: "a person saves old copies of the task file", suites: [work("dangers/saved-over")] },
  {
    id: "agents-killed",
    fault: "start, complete and restack killed at each step",
    suites: [work("dangers/killed-in-tasks"), work("dangers/driver-killed-between-tasks")],
  },
  {
    id: "lanes-interfered",
    fault: "lanes stopped, tried again, and damaged while they run",
    suites: [work("dangers/stops-and-retries"), work("dangers/damaged-worktrees"), work("dangers/others-commands")],
  },
  {
    id: "environments",
    fault: "set-up and ports cut off, or asked for at once",
    suites: [work("dangers/killed-while-equipping"), work("dangers/one-port-one-worktree")],
  },
  { id: "probes-killed", fault: "a run of probes killed", suites: [work("dangers/killed-in-probes")] },
  {
    id: "gates",
    fault: "landings that are green alone and red together, revert others, or clash in a lock file",
    suites: [work("dangers/green-and-green"), work("dangers/silent-revert"), work("dangers/regenerated-lock-file")],
  },
  { id: "trust", fault: "settings and commands that come from a lane", suites: [work("dangers/settings-from-a-lane")] },
  {
    id: "undo-killed",
    fault: "an undo killed at each step, and landings cut off together",
    suites: [work("dangers/undo-killed"), work("dangers/landed-together-cut-off")],
  },
  {
    id: "orch-killed",
    fault: "orch killed at each fact, each step and at random, and resumed",
    suites: [orch("killed-at-facts"), orch("cut-at-every-step"), orch("killed-at-random"), orch("controls")],
  },
  { id: "full-killed", fault: "orch full killed in each phase, and resumed", suites: [orch("full-killed")] },
  {
    id: "orch-interrupted",
    fault: "Ctrl+C, hang-ups, a second driver, a dead driver beside living agents",
    suites: [orch("interrupted"), orch("second-driver"), orch("alive-or-dead")],
  },
];
