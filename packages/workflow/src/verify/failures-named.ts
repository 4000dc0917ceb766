import { readFile } from "node:fs/promises";
import { isSystemError } from "@orchard/kernel";

/**
 * The names of what failed, read from the output of a test run; `undefined` when the output has none of the forms that
 * we know, or too many: then two runs can only be told apart by their exit code. A name that comes twice is numbered,
 * so that one more of the same counts.
 */
export async function failuresNamed(logFile: string): Promise<readonly string[] | undefined> {
  try {
    return failuresIn(await readFile(logFile, "utf8"));
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined; // it never ran
    throw error;
  }
}

/** As {@link failuresNamed}, of the text itself. */
export function failuresIn(output: string): readonly string[] | undefined {
  const seen = new Map<string, number>();
  for (const line of output.split("\n")) {
    const name = nameIn(line);
    if (name !== undefined) seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  const names = [...seen].flatMap(([name, count]) =>
    Array.from({ length: count }, (_, at) => (at === 0 ? name : `${name} (${at + 1})`)),
  );
  return names.length === 0 || names.length > MOST ? undefined : names.sort();
}

const MOST = 200;
const LONGEST = 160;

/**
 * Lines that name a failed test or a complaint. Positions are left out, because they move with every edit above them,
 * and so are times.
 */
const FORMS: readonly RegExp[] = [
  /^\s*not ok \d+ (?:- )?(?<name>(?!.*# (?:TODO|SKIP)).+)$/i, // TAP
  /^\s*[✖✗×] (?<name>.+)$/u, // node, vitest, mocha
  /^\s*FAIL\s+(?<name>\S.*)$/, // jest, vitest, go packages
  /^\s*● (?<name>\S.* › .+)$/u, // jest
  /^(?:FAILED|ERROR) (?<name>\S+(?:::|\.py)\S*)/, // pytest
  /^\s*--- FAIL: (?<name>\S+)/, // go
  /^test (?<name>\S+) \.\.\. FAILED$/, // cargo
  /^(?<name>[^\s(]+)\(\d+,\d+\): (?<rule>error TS\d+)/, // tsc
  /^(?<name>\S+?):\d+(?::\d+)?: (?<rule>error|fatal error)\b/, // compilers
];

function nameIn(line: string): string | undefined {
  if (line.length > 4_000) return undefined;
  for (const form of FORMS) {
    const { name, rule } = form.exec(line)?.groups ?? {};
    if (name === undefined) continue;
    const withoutTime = name.replace(/\s+\(?\d+(?:\.\d+)?\s?m?s\)?\s*$/, "").trim();
    return `${withoutTime}${rule === undefined ? "" : ` ${rule}`}`.slice(0, LONGEST);
  }
  return undefined;
}
