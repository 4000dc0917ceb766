import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Locks, systemClock } from "@orchard/host";
import type { Clock } from "@orchard/kernel";
import { bareRepository, gitTooOld, OLDEST_GIT, partialClone } from "../errors.ts";
import { git } from "../git/git.ts";
import { openDoor } from "../git/git-door.ts";
import { prepareHub } from "../hub/hub-folder.ts";
import type { ObjectFormat } from "../object-id.ts";
import { checkedOutAt } from "./checked-out.ts";
import { excludeLocally } from "./exclude-locally.ts";
import { acceptedDrivers, type ExecutableSetting, notAccepted, readSettings, silence } from "./executable-settings.ts";
import type { RepositoryPlace } from "./find-repository.ts";
import { historyOf } from "./history.ts";
import { readIdentity } from "./identity.ts";
import { rememberedGit } from "./known-git.ts";
import { makeDurable } from "./make-durable.ts";
import { deleteRef, moveRef, readHead, resolveRef } from "./refs.ts";
import type { IntentRecorder, Person, Repository } from "./repository.ts";

/**
 * What a repository is opened with: where Orchard keeps its own, and what it may use of the machine and the settings.
 */
export interface OpenOptions {
  /** `<git common dir>/orch`; made (0700) when it is not there. */
  readonly stateDir: string;
  readonly locks: Locks;
  readonly clock?: Clock;
  /** Settings that run programs and that the user accepted; without it none. See {@link readExecutableSettings}. */
  readonly accepted?: readonly ExecutableSetting[];
  readonly record?: IntentRecorder;
}

/**
 * Opens a repository that {@link findRepository} found. Refuses by name what cannot work: `BARE_REPOSITORY`,
 * `GIT_TOO_OLD`, `GIT_MISSING`, `PARTIAL_CLONE`.
 */
export async function openRepository(place: RepositoryPlace, options: OpenOptions): Promise<Repository> {
  if (place.bare) throw bareRepository(place.commonDir);
  const { stateDir } = options;
  const [objectFormat] = await Promise.all([readFormat(place), rememberedGit(stateDir, () => refuseOldGit(place))]);
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  return repositoryOf(place, objectFormat, options);
}

function repositoryOf(place: RepositoryPlace, objectFormat: ObjectFormat, options: OpenOptions): Repository {
  const { commonDir, mainRoot } = place;
  const { stateDir, locks, clock = systemClock, accepted = [], record = NOT_RECORDED } = options;
  const hubFolder = () => prepareHub({ stateDir, commonDir, objectFormat });
  const door = openDoor({
    commonDir,
    mainRoot,
    hub: hubFolder,
    acceptedDrivers: acceptedDrivers(accepted),
    silenced: async (gitDir) => silence(notAccepted(await readSettings(commonDir, mainRoot, gitDir), accepted)),
  });
  let identity: Promise<Person> | undefined;
  const repo: Repository = {
    place,
    stateDir,
    objectFormat,
    locks,
    clock,
    record,
    door,
    accepted,
    hubFolder,
    ...historyOf(door),
    resolve: (ref) => resolveRef(door, ref),
    head: () => readHead(door),
    identity: () => (identity ??= readIdentity(place)),
    createRef: (ref, to, message) => moveRef(repo, ref, to, "absent", message),
    moveRef: (ref, to, expected, message) => moveRef(repo, ref, to, expected, message),
    deleteRef: (ref, expected) => deleteRef(repo, ref, expected),
    checkedOutAt: (ref) => checkedOutAt(repo, ref),
    makeDurable: (commit, since) => makeDurable(repo, commit, since),
    excludeLocally: (patterns) => excludeLocally(repo, patterns),
  };
  return repo;
}

const NOT_RECORDED: IntentRecorder = { started: async () => {}, ended: async () => {} };

async function refuseOldGit({ mainRoot }: RepositoryPlace): Promise<void> {
  const found = await versionIn(mainRoot);
  if (!isNewEnough(found)) throw gitTooOld(found);
}

/** The version of git that works here, such as `2.39.5`. */
export function gitVersion({ place }: Pick<Repository, "place">): Promise<string> {
  return versionIn(place.mainRoot);
}

async function versionIn(folder: string): Promise<string> {
  const { stdout } = await git({ command: "version", cwd: folder });
  return /\d+(?:\.\d+)*/.exec(stdout.toString("latin1"))?.[0] ?? "unknown";
}

/** Whether a version such as `2.39.5` is at least {@link OLDEST_GIT}. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST_GIT.split(".").map(Number);
  return major > needMajor || (major === needMajor && minor >= needMinor);
}

async function readFormat({ commonDir, mainRoot }: RepositoryPlace): Promise<ObjectFormat> {
  const text = await readFile(join(commonDir, "config"), "latin1").catch(() => undefined);
  // A key stands in the file letter by letter or not at all.
  if (text !== undefined && !/objectformat|partialclone|promisor/i.test(text)) return "sha1";
  const { stdout } = await git({
    command: "config",
    options: ["--local", "--get-regexp", "-z", "^(extensions\\.(objectformat|partialclone)|remote\\..*\\.promisor)$"],
    cwd: mainRoot,
    variables: { GIT_DIR: commonDir, GIT_COMMON_DIR: commonDir },
    codes: [0, 1],
  });
  const settings = stdout.toString("latin1").toLowerCase();
  if (/extensions\.partialclone\n|\.promisor\n?(true|yes|on|1)?\0/.test(settings)) throw partialClone();
  return /extensions\.objectformat\nsha256/.test(settings) ? "sha256" : "sha1";
}
