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
  /** What failed, by the names in its output; absent: not asked for, or the output names nothing that we can read. */
  readonly failures?: readonly string[] | undefined;
  /** Paths that the commands up to this one left changed in the checkout; none of it is part of any commit. */
  readonly changed?: readonly string[] | undefined;
}

/** This one run went well. What counts for a tree is {@link redOf}: it looks at the second run too. */
export function isGreen(receipt: Receipt): boolean {
  return receipt.code === 0 && !receipt.timedOut;
}

/** The command that makes a tree red: it was red, and red again if it was run again. */
export function redOf(receipts: readonly Receipt[]): Receipt | undefined {
  return receipts.find((receipt) => !isGreen(receipt) && lastRun(receipts, receipt) === receipt);
}

/** Runs that were red and then green on the same tree: the command is flaky, and counts as green. */
export function flakyOf(receipts: readonly Receipt[]): readonly Receipt[] {
  return receipts.filter((receipt) => !isGreen(receipt) && isGreen(lastRun(receipts, receipt)));
}

function lastRun(receipts: readonly Receipt[], of: Receipt): Receipt {
  const same = (one: Receipt) => one.commit === of.commit && shownCommand(one) === shownCommand(of);
  return receipts.findLast(same) ?? of;
}

/** A command as people write it; two that differ only in how they are quoted look alike. */
export function shownCommand({ command }: Pick<Receipt, "command">): string {
  return typeof command === "string" ? command : command.join(" ");
}

/** How a run ended, in words. */
export function shownEnd({ code, signal, timedOut }: Pick<Receipt, "code" | "signal" | "timedOut">): string {
  if (timedOut) return "out of time";
  return code === null ? (signal === null ? "never ran" : `ended by ${signal}`) : `exit code ${code}`;
}
