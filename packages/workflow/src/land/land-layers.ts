import { happened, intendBaseMerge, requireHome } from "@orchard/tracker-core";
import { landedRef, type Oid, parseRef } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { ensureLayerBranches, gatherLayer, type OpenLayer, openLayers } from "../tasks/layer-branches.ts";
import { refreshSpecs } from "../tasks/read-specs.ts";
import { sightWorld } from "../tasks/sight-world.ts";
import { awaitUndo } from "./await-undo.ts";
import { bringBaseIn } from "./bring-base-in.ts";
import { judgeCandidate } from "./judge-candidate.ts";
import { ANOTHER_FIRST, type LandOptions } from "./land-outcome.ts";
import { mergeForLanding } from "./merge-for-landing.ts";
import { tickedTree } from "./tick.ts";
import { undoneInTheWay } from "./undone-in-the-way.ts";

export interface LayerLanding {
  readonly spec: string;
  readonly layer: number;
  readonly branch: string;
  /** Absent: it has landed. */
  readonly waits?: string;
}

/**
 * Lands every layer of hard layers that is whole: the layer's branch, with all its tasks' work, in one verified merge;
 * that opens the next. A layer that conflicts or turns the tree red stays, and says why.
 */
export async function landLayers(driver: Driver, options: LandOptions = {}): Promise<readonly LayerLanding[]> {
  const { orchard } = driver;
  const landings: LayerLanding[] = [];
  await refreshSpecs(orchard);
  for (;;) {
    const progress = await sightWorld(orchard);
    await ensureLayerBranches(orchard, progress);
    const known = new Set(landings.map(({ spec, layer }) => `${spec} ${layer}`));
    const layer = openLayers(progress).find((one) => one.isWhole && !known.has(`${one.spec} ${one.number}`));
    if (layer === undefined || driver.interrupted.aborted) return landings;
    const waits = await landLayer(driver, layer, options);
    const { spec, number, branch } = layer;
    landings.push({
      spec,
      layer: number,
      branch: branch.slice("refs/heads/".length),
      ...(waits === undefined ? {} : { waits }),
    });
  }
}

async function landLayer(driver: Driver, layer: OpenLayer, options: LandOptions): Promise<string | undefined> {
  const { orchard } = driver;
  const gathered = await gatherLayer(orchard, layer);
  if (gathered.kind === "checkedOut") return `its branch is checked out in ${gathered.at}: merge the tasks' work there`;
  if (gathered.kind === "conflicted") {
    const files = gathered.files.join(", ");
    return `${gathered.task} conflicts in ${files}: check out the branch, merge the work there, then orch merge`;
  }
  const landed = await bringBaseIn(driver, options);
  const undone = await undoneInTheWay(driver.orchard, { head: gathered.tip, landed });
  if (undone !== undefined) return `it contains ${undone}`;
  const candidate = await merged(driver, layer, { landed, tip: gathered.tip });
  if (typeof candidate !== "string") return candidate.waits;
  const { config } = await orchard.config();
  const at = { landed, candidate, commands: config.verify };
  const judged = await judgeCandidate(driver, `layer-${layer.number}`, at, options);
  if (judged.kind === "interrupted") return "interrupted";
  if (judged.kind === "red") return `${judged.reason}\n${judged.red.tail}`;
  return (await advance(driver, layer, { landed, candidate })) ? undefined : ANOTHER_FIRST;
}

async function merged(
  driver: Driver,
  layer: OpenLayer,
  { landed, tip }: { readonly landed: Oid; readonly tip: Oid },
): Promise<Oid | { readonly waits: string }> {
  const { orchard } = driver;
  const hub = await orchard.hub();
  const { progress } = (await orchard.folded()).state;
  const merge = await mergeForLanding(driver, `layer-${layer.number}`, { ours: landed, theirs: tip }, progress);
  if (merge.kind === "interrupted") return { waits: "interrupted" };
  if (merge.kind === "conflicted") {
    const why = merge.reason === undefined ? "" : `: ${merge.reason}`;
    return { waits: `it conflicts with the base in ${merge.files.join(", ")}${why}` };
  }
  if (merge.kind === "alreadyMerged") return landed;
  const tasks = layer.done.map(({ id }) => `- ${id}`).join("\n");
  const message = `Land layer ${layer.number} of ${layer.spec}: ${layer.title}\n\n${tasks}\n`;
  const author = await (await orchard.repository()).identity();
  const tree = await tickedTree(hub, progress, merge.tree, finished(layer));
  return hub.commit({ tree, parents: [landed, tip], message, author });
}

function finished({ spec, done }: OpenLayer) {
  return done.filter(({ state }) => state === "completed").map(({ id }) => ({ spec, task: id }));
}

async function advance(
  driver: Driver,
  layer: OpenLayer,
  { landed, candidate }: { readonly landed: Oid; readonly candidate: Oid },
): Promise<boolean> {
  const { orchard } = driver;
  const repository = await orchard.repository();
  const base = parseRef(requireHome(await orchard.tracker()).base);
  const fact = { from: landed, candidate } as const;
  await repository.makeDurable(candidate, landed);
  const announced = await driver.record(`layer ${layer.number} of ${layer.spec} lands`, (tracker) =>
    intendBaseMerge(tracker, fact),
  );
  if (announced === "undoing") {
    await awaitUndo(driver);
    return false;
  }
  const moved = await repository.moveRef(
    landedRef(base),
    candidate,
    landed,
    `orch: layer ${layer.number} of ${layer.spec}`,
  );
  if (moved === "stale") return false;
  await driver.record(`layer ${layer.number} of ${layer.spec} landed`, () =>
    happened({ type: "base-merged", ...fact }),
  );
  return true;
}
