/** The folder of probe and lane reports; those that are committed reach the base only by landing. */
export const GENERATED = "docs/_generated";

/** Where the result of `probe` is, relative to the repository. */
export function resultFile(probe: string): string {
  return `${GENERATED}/${probe}.json`;
}

/** Where the readable form of it is. */
export function reportFile(probe: string): string {
  return `${GENERATED}/${probe}.md`;
}
