import { findRecord, isDone, type Progress, type Spec, type TaskRecord } from "@orchard/tracker-core";
import {
  bringIn,
  type Composed,
  containedIn,
  landedRef,
  type Oid,
  parseOid,
  parseRef,
  type RefName,
} from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";

/** The layer of a spec with hard layers that is worked on now: the lowest that is not whole in the base. */
export interface OpenLayer {
  readonly spec: string;
  readonly number: number;
  readonly title: string;
  /** `layer-<n>-<slug>`, as seed 001 names them; with the spec behind it where several specs have layers. */
  readonly branch: RefName;
  /** Its finished tasks, in the order in which they were finished. */
  readonly done: readonly TaskRecord[];
  /** Every task of it is finished, or cancelled. */
  readonly isWhole: boolean;
}

/** The open layer of every spec whose layers are hard (seed 001, option B). Pure. */
export function openLayers(progress: Progress): readonly OpenLayer[] {
  const hard = Object.values(progress.specs).filter(({ definition }) => definition.rules.layers === "hard");
  return hard.flatMap((spec) => openLayer(spec, hard.length > 1) ?? []);
}

function openLayer(spec: Spec, manySpecs: boolean): OpenLayer | undefined {
  const open = spec.definition.tasks.filter(({ id, ticked }) => !isInBase(findRecord(spec, id), ticked));
  const number = open.reduce<number | undefined>((low, { layer }) => least(low, layer), undefined);
  if (number === undefined) return undefined;
  const title = spec.definition.layers.find((layer) => layer.number === number)?.title ?? "";
  const tasks = open.filter(({ layer }) => layer === number).map(({ id }) => findRecord(spec, id));
  const done = tasks.filter((task) => task !== undefined).filter(isDone);
  const branch = parseRef(`refs/heads/${branchName(number, title)}${manySpecs ? `-${spec.name}` : ""}`);
  return {
    spec: spec.name,
    number,
    title,
    branch,
    done: done.toSorted(byCompletion),
    isWhole: done.length === tasks.length,
  };
}

/** Every layer's branch begins where the layer before it has landed; worktrees start there. */
export async function ensureLayerBranches(orchard: Orchard, progress: Progress): Promise<void> {
  const { home } = await orchard.tracker();
  const layers = openLayers(progress);
  if (home === undefined || layers.length === 0) return;
  const repository = await orchard.repository();
  const base = parseRef(home.base);
  const start = (await repository.resolve(landedRef(base))) ?? (await repository.resolve(base));
  for (const { branch, number } of layers) {
    const isThere = (await repository.resolve(branch)) !== undefined;
    if (!isThere && start !== undefined) await repository.createRef(branch, start, `orch: layer ${number}`);
  }
}

export type Gathered =
  | { readonly kind: "gathered"; readonly tip: Oid }
  | { readonly kind: "conflicted"; readonly task: string; readonly files: readonly string[] }
  /** Somebody has the branch checked out; then it is theirs to move. */
  | { readonly kind: "checkedOut"; readonly at: string };

/** Brings the finished work of a layer onto its branch. */
export async function gatherLayer(orchard: Orchard, layer: OpenLayer): Promise<Gathered> {
  const repository = await orchard.repository();
  for (;;) {
    const tip = await repository.resolve(layer.branch);
    if (tip === undefined) throw new Error(`the branch of layer ${layer.number} is made before it is gathered`);
    const works = layer.done.flatMap(({ id, work }) =>
      work?.commit === undefined ? [] : [{ id, commit: parseOid(work.commit) }],
    );
    const inside = await containedIn(repository, { commits: works.map(({ commit }) => commit), head: tip });
    const missing = works.filter(({ commit }) => !inside.has(commit));
    if (missing.length === 0) return { kind: "gathered", tip };
    const [at] = await repository.checkedOutAt(layer.branch);
    if (at !== undefined) return { kind: "checkedOut", at };
    const commits = missing.map(({ id, commit }) => ({ commit, message: `Bring in ${layer.spec}/${id}` }));
    const composed: Composed = await bringIn(await orchard.hub(), { head: tip, commits });
    if (composed.kind === "conflicted") {
      return {
        kind: "conflicted",
        task: missing[composed.at]?.id ?? "",
        files: composed.files.map(({ path }) => path),
      };
    }
    const moved = await repository.moveRef(layer.branch, composed.commit, tip, `orch: layer ${layer.number}`);
    if (moved === "moved") return { kind: "gathered", tip: composed.commit };
  }
}

function branchName(number: number, title: string): string {
  const slug = title
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/\(.*?\)/g, " ")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return slug === "" ? `layer-${number}` : `layer-${number}-${slug}`;
}

function isInBase(record: TaskRecord | undefined, ticked: boolean): boolean {
  if (record === undefined) return ticked;
  if (record.state === "cancelled") return true;
  const { work, pr } = record;
  return isDone(record) && (work?.landed !== undefined || work?.noCode !== undefined || pr?.status === "merged");
}

function least(low: number | undefined, layer: number | undefined): number | undefined {
  if (layer === undefined) return low;
  return low === undefined || layer < low ? layer : low;
}

function byCompletion(a: TaskRecord, b: TaskRecord): number {
  return (a.work?.completedAt ?? "") < (b.work?.completedAt ?? "") ? -1 : 1;
}
