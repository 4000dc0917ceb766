import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nodeFiles, readWhole, writeDurable } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { lanesInOrder, type Tracker } from "@orchard/tracker-core";
import { findRepository, makeWorktreeStateFolder, worktreeStateFolder } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { isAgentName } from "./define-tasks.ts";
import type { TaskDesk } from "./desk.ts";
import { badAgentName, gitDirNotWritable, noName } from "./errors.ts";
import { laneAgent } from "./lane-agent.ts";

export interface DeskOptions {
  /** `--agent`. */
  readonly agent?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Who asks, from where: `--agent`, else `ORBIT_AGENT`, else the agent of the worktree's lane. The worktree gets an id of
 * its own in its git dir. Throws `NO_NAME`, `BAD_AGENT_NAME`, `GIT_DIR_NOT_WRITABLE`.
 */
export async function openDesk(orchard: Orchard, options: DeskOptions): Promise<TaskDesk> {
  const { gitDir, commonDir, worktreeRoot } = orchard.place.repository;
  const lane = laneAt(await orchard.tracker(), orchard.place.mainRoot, worktreeRoot);
  const agent = whoAsks(options, lane?.agent);
  const stateFolder = worktreeStateFolder({ gitDir, commonDir });
  const worktree = await worktreeId(orchard, stateFolder);
  const branch = branchIn(gitDir);
  const place = { worktree, path: worktreeRoot, branch, lane: lane?.id };
  return { orchard, asker: { agent, place, stateFolder } };
}

/** Throws `NO_NAME`, `BAD_AGENT_NAME`. */
export function whoAsks({ agent, environment }: DeskOptions, ofLane: string | undefined): string {
  const given = agent ?? nonEmpty(environment["ORBIT_AGENT"]) ?? ofLane;
  if (given === undefined) throw noName();
  const name = given.replace(/^@/, "");
  if (!isAgentName(name)) throw badAgentName(given);
  return name;
}

/** The lane whose worktree this is, and as whom one works in it: as its agent, whose name may be the lane's own. */
export function laneAt(
  tracker: Tracker,
  mainRoot: string,
  worktreeRoot: string,
): { readonly id: string; readonly agent: string } | undefined {
  const lane = lanesInOrder(tracker).find(
    ({ worktree }) => worktree !== undefined && join(mainRoot, worktree.path) === worktreeRoot,
  );
  return lane && { id: lane.id, agent: laneAgent(lane.id, lane.attempts.at(-1)?.agent ?? lane.definition.agent) };
}

/** The branch that HEAD of a git dir is on, full name; read from the file, as a lock-free look. */
export function branchIn(gitDir: string): string | undefined {
  const text = readFileSync(join(gitDir, "HEAD"), "utf8");
  return /^ref: (refs\/heads\/[^\n]+)\n?$/.exec(text)?.[1];
}

const ID_FILE = "worktree-id";

/** The id of the worktree at `path`; `undefined` when none stands there, or nobody worked on a task in it. */
export async function findWorktreeId(path: string): Promise<string | undefined> {
  const found = findRepository(path);
  return found?.worktreeRoot === path ? idIn(join(worktreeStateFolder(found), ID_FILE)) : undefined;
}

async function worktreeId(orchard: Orchard, folder: string): Promise<string> {
  const path = join(folder, ID_FILE);
  const there = await idIn(path);
  if (there !== undefined) return there;
  try {
    const { gitDir, commonDir } = orchard.place.repository;
    await makeWorktreeStateFolder({ gitDir, commonDir });
    return await firstId(orchard, path);
  } catch (error) {
    if (isSystemError(error, "EACCES", "EROFS", "EPERM")) throw gitDirNotWritable(folder, error.code);
    throw error;
  }
}

/** Put there only where none is: a worktree gets its id once, however many ask first and wherever they die. */
async function firstId(orchard: Orchard, path: string): Promise<string> {
  const id = orchard.ports.token();
  const own = `${path}.${id}`;
  await writeDurable(nodeFiles, own, `${id}\n`);
  try {
    await nodeFiles.link(own, path);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
    const there = await idIn(path);
    if (there !== undefined) return there;
    // What stands there is no id, and nobody's claims lie under it.
    await nodeFiles.rename(own, path);
  } finally {
    await rm(own, { force: true });
  }
  await nodeFiles.syncFolder(dirname(path));
  return id;
}

async function idIn(path: string): Promise<string | undefined> {
  const text = (await readWhole(nodeFiles, path))?.toString("utf8").trim() ?? "";
  return /^[0-9a-f]{32}$/.test(text) ? text : undefined;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
