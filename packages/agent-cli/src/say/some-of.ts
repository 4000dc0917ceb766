const SHOWN = 8;

/** `T001, T002 and 3 more`: a list that stays one line however much there is. */
export function someOf(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more <= 0 ? names.join(", ") : `${names.slice(0, SHOWN).join(", ")} and ${more} more`;
}
