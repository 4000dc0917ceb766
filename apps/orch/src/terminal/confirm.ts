import { createInterface } from "node:readline/promises";

/** Whether there is somebody who could be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks a yes-or-no question; `undefined` where nobody can answer. */
export async function confirm(question: string): Promise<boolean | undefined> {
  if (!canAsk()) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
