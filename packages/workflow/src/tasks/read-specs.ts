import { join } from "node:path";
import type { Finding } from "@orchard/task-files";
import {
  defineSpec,
  evolveProgress,
  findSpec,
  loseSpec,
  type Progress,
  SPEC_STREAM,
  type Spec,
  type SpecDefinition,
  type SpecFact,
  type WaitingRules,
} from "@orchard/tracker-core";
import { landedRef, parseRef } from "@orchard/worktree-git";
import type { Config } from "../config/config.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { type DefinedTasks, defineTasks } from "./define-tasks.ts";
import { rivalSpecFiles } from "./errors.ts";
import { isGoneEverywhere } from "./gone-file.ts";
import { readSettled, takesAway } from "./read-settled.ts";
import { definitionHash, findSpecFiles, readBytes } from "./spec-files.ts";

export interface SpecReading {
  readonly name: string;
  readonly path: string;
  /** What is wrong or doubtful in the file; of a file that did not change since it was recorded, `undefined`. */
  readonly findings: readonly Finding[] | undefined;
}

export interface SpecsRead {
  readonly progress: Progress;
  readonly specs: readonly SpecReading[];
}

/**
 * The progress with every spec as its file defines it now; what changed is recorded. A file that is gone leaves the
 * definition that is on record; one that is gone from the base and every worktree, too, takes its tasks out of offer
 * until it is back. Throws `SPEC_TWICE`.
 */
export async function refreshSpecs(orchard: Orchard): Promise<SpecsRead> {
  const { progress } = (await orchard.folded()).state;
  const found = await readDefinitions(orchard, progress);
  const changed = found.filter(({ definition, isGone }) => definition !== undefined || isGone);
  if (changed.length === 0) return { progress, specs: found };
  const names = changed.map(({ name }) => name).join(", ");
  const { state } = await orchard.store.transact(
    { stream: SPEC_STREAM, describe: `tasks of ${names} read` },
    (now) => ({ facts: factsOf(now.progress, changed), outcome: null }),
  );
  return { progress: state.progress, specs: found };
}

/** As {@link refreshSpecs}, recording nothing. */
export async function readSpecs(orchard: Orchard): Promise<SpecsRead> {
  const folded = await orchard.folded();
  const { progress } = folded.state;
  const found = await readDefinitions(orchard, progress);
  const facts = factsOf(progress, found);
  return { progress: facts.reduce((state, fact) => evolveProgress(state, fact, folded.at), progress), specs: found };
}

export function waitingRules({ layers, completeOn, stuckAfter }: Config): WaitingRules {
  return { layers, completeOn, stuckAfterMs: stuckAfter };
}

interface Found extends SpecReading {
  /** Absent when it is the recorded one. */
  readonly definition?: SpecDefinition | undefined;
  /** Its file is nowhere, and that is not on record yet. */
  readonly isGone?: boolean;
}

function factsOf(progress: Progress, found: readonly Found[]): readonly SpecFact[] {
  return found.flatMap(({ name, definition, isGone }) =>
    definition === undefined
      ? isGone === true
        ? loseSpec(progress, name)
        : []
      : defineSpec(progress, name, definition),
  );
}

async function readDefinitions(orchard: Orchard, progress: Progress): Promise<readonly Found[]> {
  const { config } = await orchard.config();
  const { mainRoot } = orchard.place;
  const files = await findSpecFiles(mainRoot);
  const [rivals] = files.filter(({ rival }) => rival !== undefined);
  if (rivals?.rival !== undefined) throw rivalSpecFiles(rivals.name, [rivals.path, rivals.rival]);
  const gone = Object.values(progress.specs).filter(({ name }) => !files.some((file) => file.name === name));
  const sources = [
    ...files.map(async (file) => ({ ...file, bytes: await readBytes(join(mainRoot, file.path)) })),
    ...gone.map(async ({ name, definition: { path } }) => ({ name, path, bytes: await fromBase(orchard, path) })),
  ];
  const rules = waitingRules(config);
  const { inferDependencies: inferred } = config;
  return Promise.all(
    sources.map(async (source): Promise<Found> => {
      const { name, path, bytes } = await source;
      const spec = findSpec(progress, name);
      const before = spec?.definition;
      if (bytes === undefined && spec !== undefined) return withoutFile(orchard, spec);
      const asDefined = (read: Uint8Array): Partial<DefinedTasks> => {
        const hash = definitionHash(read, rules, inferred);
        const same = before?.hash === hash && before.path === path && spec?.goneSince === undefined;
        return same ? {} : defineTasks(read, { path, hash, rules, inferred });
      };
      const loses = (read: Uint8Array) => {
        const { definition } = asDefined(read);
        return definition !== undefined && before !== undefined && takesAway(before, definition);
      };
      const again = async () => (await readBytes(join(mainRoot, path))) ?? (await fromBase(orchard, path));
      const settled = bytes && (await readSettled(join(mainRoot, path), { bytes, takesAway: loses, again }));
      const { definition, findings } = settled === undefined ? {} : asDefined(settled);
      return { name, path, findings, definition };
    }),
  );
}

/** Back in a worktree alone, its tasks are offered again as they were. */
async function withoutFile(orchard: Orchard, { name, definition, goneSince }: Spec): Promise<Found> {
  const { path } = definition;
  const isGone = await isGoneEverywhere(orchard, name, path);
  const isBack = goneSince !== undefined && !isGone;
  return {
    ...{ name, path, findings: undefined },
    definition: isBack ? definition : undefined,
    isGone: isGone && goneSince === undefined,
  };
}

/** A file that the main checkout has not, as the newer of base branch and what has landed has it; what landed, if neither is. */
async function fromBase(orchard: Orchard, path: string): Promise<Uint8Array | undefined> {
  const home = (await orchard.tracker()).home;
  if (home === undefined) return undefined;
  const repository = await orchard.repository();
  const base = parseRef(home.base);
  const [tip, landed] = [await repository.resolve(base), await repository.resolve(landedRef(base))];
  const isBehind = tip !== undefined && landed !== undefined && (await repository.isAncestor(landed, tip));
  const commit = isBehind ? tip : (landed ?? tip);
  return commit === undefined ? undefined : await repository.readFileAt(commit, path);
}
