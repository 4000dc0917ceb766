import type { JsonObject } from "@orchard/kernel";
import type { SpecDefinition } from "@orchard/tracker-core";
import type { TaskView } from "./task-view.ts";

/**
 * What reading commands need of a spec's view, in columns: the lines of each text belong to the tasks in the file's order.
 * Ten thousand tasks are read in a tenth of the time that their view takes.
 */
export interface Digest {
  readonly spec: string;
  readonly path: string;
  readonly hash: string;
  readonly rules: SpecDefinition["rules"];
  readonly layers: readonly (readonly [number, string])[];
  readonly updatedAt: string;
  /** Names of all specs that there are. */
  readonly specs: readonly string[];
  readonly ids: string;
  readonly statuses: string;
  readonly titles: string;
  readonly agents: string;
  readonly layersOf: string;
  /** Ids with a space between them. */
  readonly needs: string;
  readonly inferred: string;
  /** Names with a tab between them, and how many tasks wait in a row: only in what a seal keeps. */
  readonly waits?: string;
  readonly remaining?: string;
  /** By who is wished for (`""`: nobody), the places of their tasks in the file, with a space between them. */
  readonly places?: Readonly<Record<string, string>>;
  /** Of the tasks that something happened to, those among them that the file defines no more. */
  readonly records: Readonly<Record<string, TaskView>>;
  /** By the worktree's id: what in it is out of step. */
  readonly outOfStep: Readonly<Record<string, readonly JsonObject[]>>;
}

/**
 * `undefined` when the view cannot be said so: of another shape than ours, or with ids whose order an object does not
 * keep. The store's own checksum vouches for the content, so it is not checked field by field.
 */
export function digestOfView(content: Readonly<Record<string, unknown>>): Digest | undefined {
  if (content["schema"] !== 1) return undefined;
  const view = content as unknown as SpecView;
  // Whether its file is back is for the store to find out.
  if (view.definition.gone_since !== undefined) return undefined;
  const entries = Object.entries(view.tasks);
  // Such keys come first, whatever order they were given in.
  if (/^\d+$/.test(entries[0]?.[0] ?? "")) return undefined;
  const defined = entries.filter(([, { removed }]) => removed !== true);
  const column = (cell: (task: TaskView) => string | number | undefined) =>
    defined.map(([, task]) => cell(task) ?? "").join("\n");
  const digest = {
    spec: view.spec,
    ...view.definition,
    rules: view.rules,
    // Number 0 stands for the tasks without a layer.
    layers: Object.entries(view.layers).flatMap(([number, { title }]) =>
      number === "0" ? [] : [[Number(number), title] as const],
    ),
    updatedAt: view.last_updated,
    specs: view.specs,
    ids: defined.map(([id]) => id).join("\n"),
    statuses: column(({ status }) => status),
    titles: column(({ title }) => title),
    agents: column(({ assigned_to }) => assigned_to),
    layersOf: column(({ layer }) => layer),
    needs: column(({ dependencies }) => dependencies?.join(" ")),
    inferred: column(({ inferred_dependencies }) => inferred_dependencies?.join(" ")),
    records: Object.fromEntries(entries.filter(([, { epoch }]) => epoch !== undefined)),
    outOfStep: Object.fromEntries(Object.entries(view.worktrees).map(([id, one]) => [id, one.out_of_step])),
  };
  return isFaithful(digest, defined) ? digest : undefined;
}

interface SpecView {
  readonly spec: string;
  readonly last_updated: string;
  readonly specs: readonly string[];
  readonly definition: { readonly path: string; readonly hash: string; readonly gone_since?: string };
  readonly rules: SpecDefinition["rules"];
  readonly layers: Readonly<Record<string, { readonly title: string }>>;
  readonly tasks: Readonly<Record<string, TaskView>>;
  readonly worktrees: Readonly<Record<string, { readonly out_of_step: readonly JsonObject[] }>>;
}

/** No cell holds what parts cells, or ids in them. */
function isFaithful(digest: Digest, tasks: readonly (readonly [string, TaskView])[]): boolean {
  const columns = [digest.ids, digest.titles, digest.agents, digest.needs, digest.inferred];
  const expected = Math.max(1, tasks.length);
  if (columns.some((column) => column.split("\n").length !== expected)) return false;
  if (digest.needs.includes("\t")) return false;
  return !tasks.some(([, { dependencies = [] }]) => dependencies.some((id) => id === "" || id.includes(" ")));
}
