import { join } from "node:path";

/** Where everything of a store lies below its folder. */
export interface Places {
  readonly folder: string;
  readonly journal: string;
  readonly folds: string;
  /** Contents that are too long for a record, named by their hash. */
  readonly beside: string;
  readonly locks: string;
  readonly turn: string;
  readonly compaction: string;
}

export function placesIn(folder: string): Places {
  const locks = join(folder, "locks");
  return {
    folder,
    locks,
    journal: join(folder, "journal"),
    folds: join(folder, "folds"),
    beside: join(folder, "beside"),
    turn: join(locks, "turn"),
    compaction: join(locks, "compaction.lock"),
  };
}
