/** Evidence of one command that was run on one committed tree. */
export interface Receipt {
  readonly commit: string;
  readonly command: string | readonly string[];
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** sha256 of what the command printed. */
  readonly digest: string;
  /** The end of what it printed, safe to show. */
  readonly tail: string;
  readonly elapsedMs: number;
}

export function isGreen(receipt: Receipt): boolean {
  return receipt.code === 0 && !receipt.timedOut;
}
