import { happened } from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";
import { record } from "../orchard/record.ts";

/** Notes in the journal which configuration the person accepted. */
export async function recordAcceptance(orchard: Orchard, hash: string): Promise<void> {
  await record(orchard, `configuration ${hash.slice(0, 10)} accepted`, (tracker) =>
    tracker.configHash === hash ? { facts: [], outcome: null } : happened({ type: "config-accepted", hash }),
  );
}
