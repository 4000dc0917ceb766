/** How the configuration that `orch init` proposes came to be written, or not. */
export interface ProposalOutcome {
  /** The proposed text; absent: there is none. */
  readonly proposal: string | undefined;
  /** The repository has a configuration already. */
  readonly isThere: boolean;
  /** The file that was written. */
  readonly written: string | undefined;
  /** `--write-config` was given. */
  readonly wanted: boolean;
  /** It was shown already, and the answer was no. */
  readonly declined: boolean;
}

const WRITES = "orch init --write-config writes it to orch.config.jsonc and accepts its commands";

/** What became of the proposal, line by line; a whole proposal is never shown a second time. */
export function sayProposal({ proposal, isThere, written, wanted, declined }: ProposalOutcome): readonly string[] {
  if (written !== undefined) return [`Wrote ${written}; its commands are accepted. Commit it when you like it.`];
  if (proposal !== undefined)
    return declined
      ? [`Nothing was written; later: ${WRITES}.`]
      : ["", `Proposed for this repository; ${WRITES}:`, proposal.trimEnd()];
  if (isThere) return wanted ? ["Nothing to write: orch.config.jsonc is there already, and stays as it is."] : [];
  return [
    `Nothing to ${wanted ? "write" : "propose"}: no file here tells how a checkout is made ready or how the work is checked. orch.config.jsonc can be written by hand.`,
  ];
}
