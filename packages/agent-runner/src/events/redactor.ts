import {
  MAY_NAME_A_SECRET,
  NAMED_SECRETS,
  PRIVATE_KEY_BEGINS,
  PRIVATE_KEY_ENDS,
  SECRET,
  SECRET_NAME,
} from "./secret-shapes.ts";

/** What stands where a secret was. */
export const REDACTED = "[redacted]";

/** Takes the secrets out of a text. It remembers a private key that began and did not end yet. */
export type Redactor = (text: string) => string;

/**
 * The one funnel before disk, browser and prompt: takes out the given values, in their JSON and URL forms too, and
 * whatever has the shape of a secret. A secret that is cut in two by the agent is not recognised.
 */
export function createRedactor(values: readonly string[] = []): Redactor {
  const known = knownForms(values);
  let insideKey = false;
  return (text) => {
    let rest = text;
    let safe = "";
    while (rest !== "") {
      const found = (insideKey ? PRIVATE_KEY_ENDS : PRIVATE_KEY_BEGINS).exec(rest);
      const end = found === null ? rest.length : found.index + (insideKey ? found[0].length : 0);
      if (insideKey) safe += REDACTED;
      else safe += withoutSecrets(rest.slice(0, end), known);
      rest = rest.slice(end);
      if (found !== null) insideKey = !insideKey;
    }
    return safe;
  };
}

/** The values in `env` that are secrets by the names of their variables. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => (value !== undefined && SECRET_NAME.test(name) ? [value] : []));
}

/** Shorter ones would take ordinary words out of the text; a path or a number is no secret. */
const SHORTEST = 8;

function knownForms(values: readonly string[]): readonly string[] {
  const lines = values.flatMap((value) => [value, ...(value.includes("\n") ? value.split("\n") : [])]);
  const forms = lines
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST && !/^(?:[0-9]+|\/[^:@=]*|true|false)$/.test(line))
    .flatMap((line) => [line, JSON.stringify(line).slice(1, -1), encodeURIComponent(line)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function withoutSecrets(text: string, known: readonly string[]): string {
  let safe = text;
  for (const value of known) if (safe.includes(value)) safe = safe.replaceAll(value, REDACTED);
  safe = safe.replace(SECRET, REDACTED);
  if (!MAY_NAME_A_SECRET.test(safe)) return safe;
  for (const shape of NAMED_SECRETS) safe = safe.replace(shape, `$1${REDACTED}`);
  return safe;
}
