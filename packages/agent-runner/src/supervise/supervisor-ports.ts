import type { ProcessIdentity } from "@orchard/host";
import type { AttemptEnd } from "../attempt/attempt-end.ts";

/** What a supervisor tells the outside, so that it needs no store of its own. */
export interface SupervisorPorts {
  /**
   * Records that this supervisor has the attempt: it starts it (`supervise`), or takes it over (`adopt`). "refused"
   * (fenced, or started before): it starts nothing, ends nothing and goes. A throw is tried again for a minute with
   * the same facts, then the attempt ends without an agent.
   */
  started(facts: { readonly supervisor: ProcessIdentity }): Promise<"go" | "refused">;
  /** The agent's process exists and is on disk; it runs after this returns. A throw is passed over. */
  agentStarted?(agent: ProcessIdentity): Promise<void>;
  /**
   * Records the end, which is durable in `exit.json` by then. A throw is tried again for a minute, then left to
   * recovery. May be called again for the same end by a later supervisor.
   */
  ended(end: AttemptEnd): Promise<void>;
}
