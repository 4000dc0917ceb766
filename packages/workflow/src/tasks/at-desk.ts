import { join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import type { TaskDesk } from "./desk.ts";
import { gitDirNotWritable } from "./errors.ts";

/**
 * Commands that take or end a claim, or change the checkout, come one after the other in a worktree: the second finds
 * what the first left. Throws `LOCK_TIMEOUT` naming the first, `GIT_DIR_NOT_WRITABLE`.
 */
export async function atDesk<Result>(
  { orchard, asker }: TaskDesk,
  command: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { stateFolder } = asker;
  const path = join(stateFolder, "command.lock");
  await using _held = await orchard.ports.locks
    .take(path, { command: `orbit-agent ${command}`, waitMs: WAIT_MS })
    .catch((error: unknown) => {
      if (isOrchardError(error, "LOCK_PATH_UNUSABLE")) throw gitDirNotWritable(stateFolder, error.message);
      throw error;
    });
  return await work();
}

/** As long as bringing code into a large checkout may take. */
const WAIT_MS = 60_000;
