import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Oid } from "../object-id.ts";
import { syncFolder } from "./refs.ts";
import type { Repository } from "./repository.ts";

/**
 * See {@link Repository.makeDurable}. What is only in loose files (which git leaves to the system to write) is
 * packed once more, into one synced pack; objects that are packed already were synced by git when they were.
 */
export async function makeDurable(repo: Repository, commit: Oid, since?: Oid): Promise<void> {
  const packs = join(repo.place.commonDir, "objects", "pack");
  await mkdir(packs, { recursive: true });
  await repo.door.inHub({
    command: "pack-objects",
    options: ["--revs", "--unpacked", "--incremental", "--non-empty", "--quiet", "--window=0", "--compression=1"],
    values: [join(packs, "pack")],
    stdin: `${commit}\n${since === undefined ? "" : `^${since}\n`}`,
    settings: [["pack.compression", "1"]],
    limitMs: 600_000,
  });
  await syncFolder(packs);
}
