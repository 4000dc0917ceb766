import type { GitSetting } from "./environment.ts";
import { type GitAnswer, type GitCall, git } from "./git.ts";
import type { HubCallPlace } from "./hub-call-place.ts";

/** A work tree and the git dir that belongs to it; given to git by name, so that no `.git` file is believed. */
export interface WorktreePlace {
  readonly root: string;
  readonly gitDir: string;
}

export type DoorCall = Omit<GitCall, "cwd">;

/** The rooms behind the door: where a call runs decides whose settings it sees. */
export interface GitDoor {
  /** Computing, in the private hub: none of the repository's settings is read. */
  inHub(call: DoorCall & { readonly workTree?: string }): Promise<GitAnswer>;
  /** Where and with which variables a hub call runs. */
  hubPlace(): Promise<HubCallPlace>;
  /** Refs and registrations of the user's repository; no hooks. */
  inRepository(call: DoorCall): Promise<GitAnswer>;
  /** The index and files of one work tree; settings that run programs are off unless they were accepted. */
  inWorktree(worktree: WorktreePlace, call: DoorCall): Promise<GitAnswer>;
}

export interface DoorPlaces {
  readonly commonDir: string;
  readonly mainRoot: string;
  /** Makes the hub when it is not there, and returns its folder. */
  readonly hub: () => Promise<string>;
  readonly acceptedDrivers: readonly GitSetting[];
  /** Settings that silence what was not accepted, for the work tree with this git dir. */
  readonly silenced: (gitDir: string) => Promise<readonly GitSetting[]>;
}

export function openDoor(places: DoorPlaces): GitDoor {
  const { commonDir, mainRoot } = places;
  const hubPlace = async (): Promise<HubCallPlace> => {
    const hub = await places.hub();
    return { cwd: hub, variables: hubVariables(hub, commonDir) };
  };
  return {
    hubPlace,
    async inHub({ workTree, ...call }) {
      const { cwd, variables } = await hubPlace();
      const tree = workTree === undefined ? {} : { GIT_WORK_TREE: workTree };
      return git({
        ...call,
        cwd: workTree ?? cwd,
        settings: [...places.acceptedDrivers, ...(call.settings ?? [])],
        variables: { ...variables, ...tree, ...call.variables },
      });
    },
    inRepository: (call) =>
      git({
        ...call,
        cwd: mainRoot,
        variables: { GIT_DIR: commonDir, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: mainRoot, ...call.variables },
      }),
    inWorktree: async ({ root, gitDir }, call) =>
      git({
        ...call,
        cwd: root,
        settings: [...(await places.silenced(gitDir)), ...(call.settings ?? [])],
        variables: { GIT_DIR: gitDir, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: root, ...call.variables },
      }),
  };
}

/** A hub call reads no settings but the hub's own, and objects where the repository has them. */
export function hubVariables(hub: string, commonDir: string): Readonly<Record<string, string>> {
  return {
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_DIR: hub,
    GIT_OBJECT_DIRECTORY: `${commonDir}/objects`,
  };
}
