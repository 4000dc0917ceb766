import { setTimeout as pause } from "node:timers/promises";

/**
 * Waits for a condition instead of for luck: resolves with the first value that is neither `undefined`, `null`
 * nor `false`. After `within` ms it fails with `what`, so a hanging test says what it waited for.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  { within = 60_000, every = 15 }: { within?: number; every?: number } = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + within;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value as Exclude<T, undefined | null | false>;
    if (performance.now() > deadline) throw new Error(`Waited ${within} ms for: ${what}.`);
    await pause(every);
  }
}
