import { join } from "node:path";
import type { Lane } from "@orchard/tracker-core";
import { findMovedWorktree, findWorktree, putGoneAside } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { goneAlready, recordSetAside, type SetAside } from "./set-aside.ts";

/**
 * For a folder of the lane that somebody took away: what git still has on record there is pinned, and the place free.
 * `undefined` when nothing is on record, and when the folder only stands elsewhere.
 */
export async function setGoneAside(
  orchard: Orchard,
  lane: Lane,
  { path, why }: { readonly path: string; readonly why: string },
): Promise<SetAside | undefined> {
  const finished = await goneAlready(orchard, lane, path);
  if (finished !== undefined) return finished;
  const repository = await orchard.repository();
  const folder = join(orchard.place.mainRoot, path);
  const isLeft = (await findWorktree(repository, folder)) !== undefined;
  if (!isLeft || (await findMovedWorktree(repository, folder)) !== undefined) return undefined;
  const done = await putGoneAside(repository, { path: folder, name: lane.id });
  return recordSetAside(orchard, lane, { ...done, path, why });
}
