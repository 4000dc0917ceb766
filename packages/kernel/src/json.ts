/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object: values by their keys. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * JSON with the keys of every object in one order, so that equal values give equal text. What JSON cannot say becomes
 * what `JSON.stringify` makes of it; `undefined` itself becomes `null`.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}
