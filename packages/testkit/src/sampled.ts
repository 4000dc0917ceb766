/**
 * All of `list` in the long form (`ORCHARD_LONG=1`); in the short one every `every`-th, beginning anywhere, so that many
 * runs try all of them.
 */
export function sampled<T>(list: readonly T[], every = 2): T[] {
  if (process.env["ORCHARD_LONG"] === "1") return [...list];
  const first = Math.floor(Math.random() * every);
  return list.filter((_, index) => index % every === first);
}
