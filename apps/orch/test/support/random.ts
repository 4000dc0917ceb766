/** Repeatable numbers from 0 to 1: the same seed gives the same row (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of this run, printed so that a failure can be played again: ORCHARD_SEED=… */
export function chosenSeed(): number {
  const given = process.env["ORCHARD_SEED"];
  const seed = given === undefined ? Date.now() % 1_000_000 : Number(given);
  console.log(`seed ${seed} (again: ORCHARD_SEED=${seed})`);
  return seed;
}
