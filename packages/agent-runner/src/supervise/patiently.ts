import { setTimeout as pause } from "node:timers/promises";

/** For how long a port that fails is asked again. */
export const PATIENCE_MS = 60_000;

/** Asks until it is answered, with growing pauses, for a minute; then the last failure is thrown. */
export async function patiently<T>(ask: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let wait = 50; ; wait = Math.min(wait * 2, 5000)) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() + wait > deadline) throw error;
    }
    await pause(wait * (0.5 + Math.random() / 2));
  }
}
