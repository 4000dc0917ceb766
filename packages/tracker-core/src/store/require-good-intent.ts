import { badIntent } from "./errors.ts";
import { JOURNAL_STREAM } from "./record.ts";
import type { Intent } from "./store.ts";

/** Throws `BAD_INTENT` for what only the store may write. */
export function requireGoodIntent(intent: Intent): void {
  if (intent.stream === JOURNAL_STREAM) throw badIntent(`the stream "${JOURNAL_STREAM}" is the store's own`);
  if (intent.id?.startsWith(RANDOM_ID) === true) throw badIntent(`its id "${intent.id}" begins with "${RANDOM_ID}"`);
  if (intent.id === "") throw badIntent("its id is empty");
}

/** How the ids begin that nobody can ask for again. */
export const RANDOM_ID = "~";
