/** The files of probe results that have landed, by probe; a gap is named by the end of its id. */
export function landedResults(
  results: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(results).map(([probe, gaps]) => {
      const list = Object.entries(gaps).map(([name, gap]) => ({
        id: `${probe}.${name}`,
        title: `Mend ${name}`,
        ...gap,
      }));
      return [`docs/_generated/${probe}.json`, JSON.stringify({ probe, gaps: list })];
    }),
  );
}
