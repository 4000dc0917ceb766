import type { RepositoryState } from "@orchard/tracker-core";
import type { Repository } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import type { Finding } from "./finding.ts";

/** What is examined, and what a repair works with. */
export interface Patient {
  readonly orchard: Orchard;
  readonly state: RepositoryState;
  readonly repository: Repository;
  /** A driver lives: what it works on is left alone. */
  readonly isDriven: boolean;
}

/** Looks at one thing and changes nothing; each finding says by itself what is wrong and how it is mended. */
export interface Check {
  readonly name: string;
  look(patient: Patient): Promise<readonly Finding[]>;
}
