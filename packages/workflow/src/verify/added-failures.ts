import { isGreen, type Receipt, shownCommand, shownEnd } from "@orchard/tracker-core";

/** Whether one command fails in more ways on a tree than on the red base it is built on. */
export interface Comparison {
  readonly command: string;
  readonly added: boolean;
  /** One sentence: what was compared, and what came out. */
  readonly how: string;
}

/**
 * Compares a tree with the red base it is built on, command by command. What was green must be green. What was red
 * must end in the same way, and where both outputs name what failed, name nothing new; where they do not, equal exit
 * codes are all that can be seen, and `how` says so. Of a gate that was run twice the better run counts.
 */
export function addedFailures(base: readonly Receipt[], tree: readonly Receipt[]): readonly Comparison[] {
  const commands = [...new Map(tree.map((receipt) => [keyOf(receipt), receipt])).values()];
  return commands.map((receipt) => {
    const runs = tree.filter((one) => keyOf(one) === keyOf(receipt));
    const before = base.filter((one) => keyOf(one) === keyOf(receipt));
    const compared = runs.map((run) => compare(before, run));
    const [first] = compared;
    const best = compared.find(({ added }) => !added) ?? first;
    return best ?? { command: shownCommand(receipt), added: true, how: "it was not run" };
  });
}

function compare(before: readonly Receipt[], run: Receipt): Comparison {
  const command = shownCommand(run);
  const said = (added: boolean, how: string): Comparison => ({ command, added, how: `${command}: ${how}` });
  if (isGreen(run)) return said(false, before.some(isGreen) ? "green as before" : "green");
  const reds = before.filter((one) => !isGreen(one));
  const same = reds.filter((one) => shownEnd(one) === shownEnd(run));
  if (before.length === 0) return said(true, `not run on the base, ${shownEnd(run)} here`);
  if (reds.length === 0) return said(true, `green on the base, ${shownEnd(run)} here`);
  if (same.length === 0) return said(true, `${shownEnd(reds[0]!)} on the base, ${shownEnd(run)} here`);
  if (same.some(({ digest }) => digest === run.digest)) return said(false, `red with the very output of the base`);
  const known = same.flatMap(({ failures }) => failures ?? []);
  if (run.failures === undefined && known.length === 0)
    return said(false, `red as on the base by exit code alone (${shownEnd(run)}); its output names no failures`);
  const added = (run.failures ?? []).filter((name) => !known.includes(name));
  if (run.failures === undefined) return said(true, "the base's output names what failed, the one here does not");
  if (known.length === 0) return said(true, "its output names what fails, the base's does not");
  if (added.length === 0) return said(false, `red as on the base, nothing fails that did not (${run.failures.length})`);
  return said(true, `fails besides: ${added.slice(0, SHOWN).join("; ")}${added.length > SHOWN ? "; …" : ""}`);
}

const SHOWN = 5;

function keyOf({ command }: Pick<Receipt, "command">): string {
  return JSON.stringify(command);
}
