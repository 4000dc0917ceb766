import { BROKEN_RULES } from "./broken-rules.ts";
import { runHistory } from "./run-history.ts";

/** How many histories it takes until a broken rule is noticed, and by what; `undefined` when none notices. */
export async function historiesUntilCaught(
  { broken }: (typeof BROKEN_RULES)[number],
  most: number,
): Promise<{ readonly histories: number; readonly by: string } | undefined> {
  for (let seed = 1; seed <= most; seed += 1) {
    const [by] = (await runHistory(seed, broken)).broken;
    if (by !== undefined) return { histories: seed, by };
  }
  return undefined;
}

if (process.argv[1] === import.meta.filename) {
  for (const rule of BROKEN_RULES) {
    const caught = await historiesUntilCaught(rule, Number(process.argv[2] ?? 1000));
    console.log(String(caught?.histories ?? "never").padStart(6), rule.rule.padEnd(62), caught?.by.slice(0, 90) ?? "");
  }
}
