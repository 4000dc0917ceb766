import { join } from "node:path";
import { type Locks, namesIn, nodeFiles } from "@orchard/host";
import type { Clock, TokenSource } from "@orchard/kernel";
import {
  type Folded,
  findSpec,
  notInitialised,
  openFileStore,
  progressView,
  type RepositoryState,
  repositoryMachine,
  type Store,
  type Tracker,
  trackerView,
  type View,
} from "@orchard/tracker-core";
import type { Hub, Repository } from "@orchard/worktree-git";
import type { ConfigReading } from "../config/accepted-config.ts";
import { progressPath } from "../tasks/progress-path.ts";
import type { Place } from "./place.ts";
import type { Report } from "./work-event.ts";

/** What the outside gives: an application passes the real ones, a test its own. */
export interface Ports {
  readonly clock: Clock;
  readonly token: TokenSource;
  readonly locks: Locks;
  readonly report: Report;
  /** The environment that agents' environments are made from. */
  readonly environment: NodeJS.ProcessEnv;
  /** argv of the supervisor's program; the attempt's folder is added as its last argument. */
  readonly supervisorCommand: readonly string[];
  /** argv that runs a built-in probe, whose name is added; absent: there are none. */
  readonly probeCommand?: readonly string[] | undefined;
  /** Folder with the launchers, put on every agent's PATH; absent when there is none. */
  readonly binFolder?: string | undefined;
}

/** One repository with its store, git and settings, each opened when first needed. */
export interface Orchard extends AsyncDisposable {
  readonly place: Place;
  readonly ports: Ports;
  readonly store: Store<RepositoryState>;
  tracker(): Promise<Tracker>;
  folded(): Promise<Folded<RepositoryState>>;
  repository(): Promise<Repository>;
  hub(): Promise<Hub>;
  config(): Promise<ConfigReading>;
}

/**
 * Throws `NOT_INITIALISED` when `orch init` was never run here. `keepsViews: false`: for who looks at the views themselves,
 * and must find them as they are.
 */
export async function openOrchard(
  place: Place,
  ports: Ports,
  {
    by,
    operation,
    keepsViews = true,
  }: {
    readonly by: string;
    /** The command whose records these are: what `orch log` lists as one. */
    readonly operation?: string | undefined;
    readonly keepsViews?: boolean;
  },
): Promise<Orchard> {
  if (!(await hasStore(place))) throw notInitialised();
  const opened = await openFileStore<RepositoryState>({
    folder: place.stateDir,
    machine: repositoryMachine,
    views: (state) => (keepsViews ? viewsOf(place, state) : []),
    locks: ports.locks,
    clock: ports.clock,
    keptAside: (view, copy) =>
      ports.report({
        type: "warning",
        text: `${view} was changed by hand; the change is kept in ${copy} and was not used`,
        hint: "What Orchard knows is written there anew; see it with: orch status",
      }),
    by,
  });
  const store = operation === undefined ? opened : ofOperation(opened, operation);
  const repository = once(async () => {
    const { stateDir } = place;
    const { locks, clock } = ports;
    const [{ openRepository }, { readAcceptedSettings }] = await Promise.all([
      import("@orchard/worktree-git"),
      import("../config/accepted-settings.ts"),
    ]);
    return openRepository(place.repository, { stateDir, locks, clock, accepted: await readAcceptedSettings(place) });
  });
  let openedHub: Promise<Hub> | undefined;
  const hub = () => {
    openedHub ??= repository().then(async (repo) => (await import("@orchard/worktree-git")).openHub(repo));
    return openedHub;
  };
  return {
    place,
    ports,
    store,
    folded: () => store.read(),
    tracker: async () => (await store.read()).state.tracker,
    repository,
    hub,
    // Loaded when needed: a supervisor never reads the configuration and need not carry its parser.
    config: once(async () => (await import("../config/accepted-config.ts")).readConfig(place)),
    [Symbol.asyncDispose]: async () => {
      (await openedHub?.catch(() => undefined))?.[Symbol.dispose]();
      await store.close();
    },
  };
}

/** The same orchard, whose records belong to another operation than its own. */
export function asOperation(orchard: Orchard, operation: string): Orchard {
  return { ...orchard, store: ofOperation(orchard.store, operation) };
}

/** Records say to which operation they belong, unless they say it themselves. */
function ofOperation(store: Store<RepositoryState>, operation: string): Store<RepositoryState> {
  return {
    read: () => store.read(),
    transact: (intent, decide) => store.transact({ operation, ...intent }, decide),
    subscribe: (listener) => store.subscribe(listener),
    history: (options) => store.history(options),
    refreshViews: () => store.refreshViews(),
    close: () => store.close(),
  };
}

/** Whether `orch init` made the journal here; what it left when it died before counts as nothing, and is made anew. */
export async function hasStore(place: Place): Promise<boolean> {
  const segments = (await namesIn(nodeFiles, join(place.stateDir, "journal"))).filter((name) =>
    name.endsWith(".ndjson"),
  );
  // Folds without a journal are a damage that the store itself reports.
  return segments.length > 0 || (await namesIn(nodeFiles, join(place.stateDir, "folds"))).length > 0;
}

/** The files that show `state`. */
export function viewsOf(place: Place, state: RepositoryState): readonly View<RepositoryState>[] {
  return state.tracker.home === undefined ? [] : [trackerFileView(place), ...progressFileViews(place, state)];
}

function trackerFileView(place: Place) {
  return {
    path: place.trackerFile,
    lock: join(place.orchestrationDir, "tracker.lock"),
    render: (state: RepositoryState) => trackerView(state.tracker),
  };
}

/** `.progress.json` of each spec, beside the file that defines its tasks. */
function progressFileViews(
  { mainRoot, stateDir }: Place,
  { progress }: RepositoryState,
): readonly View<RepositoryState>[] {
  return Object.values(progress.specs).map(({ name, definition }) => ({
    path: join(mainRoot, progressPath(definition.path)),
    lock: join(stateDir, `progress-${name}.lock`),
    render: (state) => {
      const spec = findSpec(state.progress, name);
      return spec === undefined ? {} : progressView(state.progress, spec);
    },
  }));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
