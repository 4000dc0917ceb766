import type { ProcessIdentity } from "@orchard/host";
import type { AttemptEnd } from "../attempt/attempt-end.ts";

/** What a supervisor tells the outside, so that it needs no store of its own. */
export interface SupervisorPorts {
  /**
   * Records that this supervisor starts the attempt. "refused" (fenced, or started before): no agent is started.
   * A throw is tried again for a minute, then nothing is started and the end says so.
   */
  started(facts: { readonly supervisor: ProcessIdentity }): Promise<"go" | "refused">;
  /** The agent's process exists and is on disk; it runs after this returns. A throw is passed over. */
  agentStarted?(agent: ProcessIdentity): Promise<void>;
  /** A supervisor takes over an attempt whose own one died. As {@link SupervisorPorts.started}; "go" when absent. */
  adopted?(facts: {
    readonly supervisor: ProcessIdentity;
    readonly agent?: ProcessIdentity;
  }): Promise<"go" | "refused">;
  /**
   * Records the end, which is durable in `exit.json` by then. A throw is tried again for a minute, then left to
   * recovery. May be called again for the same end by a later supervisor.
   */
  ended(end: AttemptEnd): Promise<void>;
}
