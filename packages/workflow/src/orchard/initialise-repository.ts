import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nodeFiles, writeDurable } from "@orchard/host";
import { createFileStore, initialise, probeFolder, type Tracker } from "@orchard/tracker-core";
import { type Oid, openRepository, parseRef, type RefName, type Repository } from "@orchard/worktree-git";
import { archiveViews } from "../clean/reset-tracker.ts";
import { acceptConfig, readConfig } from "../config/accepted-config.ts";
import { acceptSettings, readSettings } from "../config/accepted-settings.ts";
import { baseDiffers, detachedHead, noCommits, unknownBase } from "../errors.ts";
import { ensureLanded } from "../land/landed.ts";
import { EXCLUDED } from "./excluded.ts";
import { hasStore, openOrchard, type Ports } from "./open-orchard.ts";
import { locationFile, type Place } from "./place.ts";
import { record } from "./record.ts";

/** What a repository is set up with now; `unchanged`: it was before. `base` is a full ref name. */
export interface Initialised {
  readonly outcome: "initialised" | "unchanged";
  readonly base: string;
  readonly tracker: Tracker;
}

/**
 * Makes the journal, the tracker and the exclusions, and takes the configuration that stands there as accepted.
 * A second time it changes nothing, and another base than the recorded one is refused. Refuses a repository without commits, a base that does not exist, a wrong
 * configuration and a file system that cannot hold the journal; then no journal was made and nothing accepted.
 */
export async function initialiseRepository(
  place: Place,
  ports: Ports,
  options: { readonly base?: string | undefined; readonly stateDir?: string | undefined; readonly by: string },
): Promise<Initialised> {
  const isNew = !(await hasStore(place));
  const home = isNew && options.stateDir !== undefined ? { ...place, ...relocatedTo(options.stateDir) } : place;
  const repository = await openRepository(home.repository, {
    stateDir: home.stateDir,
    locks: ports.locks,
    clock: ports.clock,
  });
  const known = isNew ? undefined : await knownBase(home, ports, options.by);
  if (known !== undefined && options.base !== undefined) requireSameBase(options.base, known);
  const base = known ?? (await chosenBase(repository, options.base ?? (await readConfig(home)).config.base));
  if (isNew) {
    await mkdir(dirname(home.stateDir), { recursive: true });
    await probeFolder(home.stateDir);
    await createFileStore({ folder: home.stateDir });
    if (home !== place) await recordLocation(place, home.stateDir);
  }
  await using orchard = await openOrchard(home, ports, { by: options.by });
  const before = await orchard.tracker();
  if (before.home === undefined) await archiveViews(orchard);
  const configHash = before.home === undefined ? await acceptAll(home) : (before.configHash ?? "");
  await repository.excludeLocally(EXCLUDED);
  await ensureBranch(repository, base);
  await ensureLanded(repository, base);
  const intent = { mainRepo: home.mainRoot, worktreesDir: home.worktreesDir, base, configHash };
  const { outcome, state } = await record(orchard, `init on ${base}`, (tracker) => initialise(tracker, intent));
  await orchard.store.refreshViews();
  return { outcome, base, tracker: state.tracker };
}

/** The base of a tracker that is set up already; then it stays, whatever is checked out now. */
async function knownBase(place: Place, ports: Ports, by: string): Promise<RefName | undefined> {
  await using orchard = await openOrchard(place, ports, { by });
  const { home } = await orchard.tracker();
  return home === undefined ? undefined : parseRef(home.base);
}

function requireSameBase(wanted: string, known: RefName): void {
  if (`refs/heads/${wanted}` !== known) throw baseDiffers(wanted, known.replace(/^refs\/heads\//, ""));
}

async function acceptAll(place: Place): Promise<string> {
  await acceptSettings(place, await readSettings(place));
  return acceptConfig(place, await readConfig(place));
}

function relocatedTo(stateDir: string): Pick<Place, "stateDir" | "attemptsDir"> {
  return { stateDir, attemptsDir: join(stateDir, "attempts") };
}

async function recordLocation(place: Place, stateDir: string): Promise<void> {
  const file = locationFile(place.repository.commonDir);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeDurable(nodeFiles, file, `${stateDir}\n`);
}

async function chosenBase(repository: Repository, wanted: string | undefined): Promise<RefName> {
  const head = await repository.head();
  if (wanted !== undefined) {
    const ref = parseRef(`refs/heads/${wanted}`);
    if ((await repository.resolve(ref)) === undefined && (await atOrigin(repository, ref)) === undefined)
      throw unknownBase(wanted);
    return ref;
  }
  if (head.branch === undefined) throw detachedHead();
  if (head.commit === undefined) throw noCommits();
  return head.branch;
}

/** CI checks out one commit and no branch; a base that only the remote has is made here, as `git switch` would. */
async function ensureBranch(repository: Repository, base: RefName): Promise<void> {
  const theirs = await atOrigin(repository, base);
  if (theirs === undefined || (await repository.resolve(base)) !== undefined) return;
  await repository.createRef(base, theirs, "orch init: from origin");
}

function atOrigin(repository: Repository, branch: RefName): Promise<Oid | undefined> {
  return repository.resolve(parseRef(branch.replace("refs/heads/", "refs/remotes/origin/")));
}
