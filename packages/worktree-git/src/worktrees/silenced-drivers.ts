import { settingsNotAccepted } from "../errors.ts";
import { openHub } from "../hub/hub.ts";
import type { Oid } from "../object-id.ts";
import { notAccepted, readSettings } from "../repository/executable-settings.ts";
import type { Repository } from "../repository/repository.ts";

/**
 * Throws `SETTINGS_NOT_ACCEPTED` when files of `treeish` go through a content filter that stands in the settings
 * but was not accepted: without it they would be written or committed wrongly.
 */
export async function refuseSilencedDrivers(repo: Repository, gitDir: string, treeish: Oid): Promise<void> {
  const { commonDir, mainRoot } = repo.place;
  const silenced = notAccepted(await readSettings(commonDir, mainRoot, gitDir), repo.accepted);
  const filters = new Set(silenced.flatMap(({ key }) => /^filter\.(.+)\.[^.]+$/i.exec(key)?.[1] ?? []));
  if (filters.size === 0) return;
  using hub = await openHub(repo);
  const named = new Set(await hub.driversNamed(treeish));
  const needed = [...filters].filter((filter) => named.has(`filter=${filter}`));
  if (needed.length === 0) return;
  const keys = silenced
    .map(({ key }) => key)
    .filter((key) => needed.some((filter) => key.includes(`.${filter}.`)))
    .sort();
  throw settingsNotAccepted(
    keys,
    `Files here pass through the filter ${needed.map((name) => JSON.stringify(name)).join(", ")}`,
  );
}
