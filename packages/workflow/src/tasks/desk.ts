import type { ClaimPlace } from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";

/** Who asks, and from which worktree. */
export interface Asker {
  /** Without `@`. */
  readonly agent: string;
  readonly place: ClaimPlace;
  /** Folder of this worktree's own in git's administration, where its claims' tokens lie. */
  readonly stateFolder: string;
}

/** Where task commands are answered: one repository, one asker. */
export interface TaskDesk {
  readonly orchard: Orchard;
  readonly asker: Asker;
}
