import { relative } from "node:path";
import { emptyTrash, listTrash, type TrashItem } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { diskUsed, diskUsedBy } from "./disk-used.ts";
import { removeStrayFiles, strayFiles } from "./stray-files.ts";

/** What was thrown away, or would be, and what takes room still. */
export interface Collected {
  /** What was thrown away for good, or would be; bytes on the disk. */
  readonly trash: readonly { readonly path: string; readonly was: string | undefined; readonly bytes: number }[];
  readonly strayFiles: readonly string[];
  /** What stays in the trash, and until when (ms since 1970); never when a step of it was cut off. */
  readonly kept: readonly {
    readonly path: string;
    readonly rescue: string | undefined;
    readonly until: number | undefined;
    readonly bytes: number;
  }[];
  /** Bytes by part of Orchard's own folder. */
  readonly used: Readonly<Record<string, number>>;
}

/** How long what was set aside can be restored. */
export const TRASH_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Throws away what lay in the trash for more than 30 days, and files that killed writers left. Nothing else is ever removed:
 * rescue refs keep the commits, branches and worktrees are for `cleanup`. `dryRun`: only says what it would do.
 */
export async function collectGarbage(orchard: Orchard, { dryRun }: { readonly dryRun: boolean }): Promise<Collected> {
  const repository = await orchard.repository();
  const { stateDir } = orchard.place;
  const now = orchard.ports.clock.now();
  const before = now - TRASH_DAYS * DAY_MS;
  const all = await Promise.all(
    (await listTrash(repository)).map(async (item) => ({ ...item, bytes: await diskUsed(item.path) })),
  );
  const isOld = ({ since, isBusy }: TrashItem) => !isBusy && since < before;
  const { gone, left } = dryRun ? { gone: all.filter(isOld), left: [] } : await emptyTrash(repository, before);
  for (const { at, why } of left) {
    const text = `${relative(orchard.place.mainRoot, at)} could not be thrown away: ${why}`;
    orchard.ports.report({ type: "warning", text, hint: `See whose its files are: ls -laR ${JSON.stringify(at)}` });
  }
  const leftAt = new Map(left.map(({ item, at }) => [item.path, at]));
  const paths = new Set(gone.map(({ path }) => path));
  return {
    trash: all
      .filter(({ path }) => paths.has(path))
      .map(({ path, rescue, bytes }) => ({ path, was: rescue?.path, bytes })),
    strayFiles: dryRun ? await strayFiles(orchard.place) : await removeStrayFiles(orchard.place),
    kept: all
      .filter(({ path }) => !paths.has(path))
      .map(({ path, rescue, since, isBusy, bytes }) => ({
        path: leftAt.get(path) ?? path,
        rescue: rescue === undefined || leftAt.has(path) ? undefined : `${rescue.name}/${rescue.number}`,
        until: isBusy ? undefined : since + TRASH_DAYS * DAY_MS,
        bytes,
      })),
    used: await diskUsedBy(stateDir, ["journal", "folds", "beside", "attempts", "trash", "archive", "hub.git"]),
  };
}
