import { join } from "node:path";
import { plainText } from "../repository/plain-text.ts";
import type { Repository } from "../repository/repository.ts";

/** More than these, the newest, are not told. */
const MOST = 20;

/**
 * What the main checkout's reflog says happened to its HEAD since that moment, in milliseconds, oldest first:
 * `commit: …`, `reset: …`. Our own moves are left out. Whoever writes there can write anything: a hint for people.
 */
export async function movesSince({ place }: Repository, since: number): Promise<readonly string[]> {
  const text = await plainText(join(place.commonDir, "logs", "HEAD"));
  const moves = text.split("\n").flatMap((line) => {
    const [, seconds, what = ""] = /> (\d{1,12}) [+-]\d{4}\t(.*)$/.exec(line) ?? [];
    const isSince = seconds !== undefined && Number(seconds) >= Math.floor(since / 1000);
    return isSince && !what.startsWith("orchard") ? [what] : [];
  });
  return moves.slice(-MOST);
}
