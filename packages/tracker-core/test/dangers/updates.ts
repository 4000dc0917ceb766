import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { createFileStore, type Machine, type OpenFileStoreOptions, openFileStore } from "@orchard/tracker-core";

/** How many updates of each writer are in the journal. */
export interface Updates {
  readonly done: Readonly<Record<string, number>>;
  readonly total: number;
}

const updates: Machine<Updates> = {
  initial: { done: {}, total: 0 },
  evolve: ({ done, total }, { facts }) => {
    const [{ name = "" } = {}] = facts as readonly { readonly name?: string }[];
    return { done: { ...done, [name]: (done[name] ?? 0) + 1 }, total: total + 1 };
  },
};

export function optionsFor(folder: string, by: string): OpenFileStoreOptions<Updates> {
  const view = { path: viewIn(folder), lock: `${viewIn(folder)}.lock`, render: viewOf };
  return { folder: join(folder, "orch"), machine: updates, by, views: () => [view] };
}

export function viewIn(folder: string): string {
  return join(folder, "view", "updates.json");
}

/** Every number of the view says the same, so that a mixture of two states shows. */
function viewOf({ done, total }: Updates) {
  return { total, done, sum: Object.values(done).reduce((sum, each) => sum + each, 0), end: total };
}

/** A folder with an empty journal, gone when its scope ends. */
export async function newJournal() {
  const folder = temporaryFolder("store danger");
  await createFileStore({ folder: join(folder.path, "orch") });
  return folder;
}

/** The ids of all updates in the journal, in order, duplicates included, and what the fold counts. */
export async function recordedIn(folder: string): Promise<{ readonly ids: readonly string[]; readonly total: number }> {
  const store = await openFileStore(optionsFor(folder, "judge"));
  const { state, trouble } = await store.read();
  if (trouble !== undefined) throw trouble;
  const ids: string[] = [];
  for await (const { stream, id } of store.history()) if (stream === "updates") ids.push(id);
  await store.close();
  return { ids, total: state.total };
}

/** The ids that a writer said were acknowledged. */
export function acknowledgedIn(output: string): readonly string[] {
  return output.split("\n").flatMap((line) => (line.startsWith("+") ? [line.slice(1)] : []));
}

export function missingFrom(recorded: readonly string[], acknowledged: readonly string[]): readonly string[] {
  const known = new Set(recorded);
  return acknowledged.filter((id) => !known.has(id));
}

export function duplicatesIn(ids: readonly string[]): readonly string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}
