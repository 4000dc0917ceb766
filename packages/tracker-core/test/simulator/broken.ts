import { BROKEN_RULES, type BrokenRule } from "./broken-rules.ts";
import { runHistory } from "./run-history.ts";

interface Caught {
  readonly seed: number;
  /** The promise that was seen broken. */
  readonly by: string;
}

/** A history that shows a rule to be broken: the one known for it, else the first of `most`; `undefined` when none does. */
export async function caughtIn(rule: BrokenRule, most: number): Promise<Caught | undefined> {
  return (await caughtAt(rule, rule.seed)) ?? (await firstCaught(rule, most));
}

async function firstCaught(rule: BrokenRule, most: number): Promise<Caught | undefined> {
  for (let seed = 1; seed <= most; seed += 1) {
    const caught = await caughtAt(rule, seed);
    if (caught !== undefined) return caught;
  }
  return undefined;
}

async function caughtAt({ broken }: BrokenRule, seed: number): Promise<Caught | undefined> {
  const [by] = (await runHistory(seed, broken)).broken;
  return by === undefined ? undefined : { seed, by };
}

if (process.argv[1] === import.meta.filename) {
  for (const rule of BROKEN_RULES) {
    const caught = await firstCaught(rule, Number(process.argv[2] ?? 1000));
    console.log(String(caught?.seed ?? "never").padStart(6), rule.rule.padEnd(62), caught?.by.slice(0, 90) ?? "");
  }
}
