/**
 * `node scripts/failed-tests.ts <package folder>…` prints every failed test in the packages' results, one after
 * the other: package › file › test, with the first lines of what it said. Prints nothing when none failed.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** So many tests are named; the rest is a number. */
export const MOST_TESTS = 30;
const MOST_LINES = 8;
const MOST_WIDTH = 200;

/** What vitest's JSON reporter leaves, as far as it is read here. */
interface Results {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

interface FailedTest {
  readonly name: string;
  readonly message: string;
}

if (import.meta.main) process.stdout.write(failedTests(process.argv.slice(2)));

/** The list for the packages in `folders`; empty when nothing failed. A package without results is passed over. */
export function failedTests(folders: readonly string[]): string {
  const failed = folders.flatMap(failedOf);
  const more = failed.length - MOST_TESTS;
  return [
    ...(failed.length === 0 ? [] : ["Failed:"]),
    ...failed.slice(0, MOST_TESTS).map(paragraph),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ]
    .map((lines) => `${lines}\n`)
    .join("");
}

function failedOf(folder: string): readonly FailedTest[] {
  const path = join(folder, "dist", "test-results.json");
  if (!existsSync(path)) return [];
  const { testResults } = JSON.parse(readFileSync(path, "utf8")) as Results;
  return testResults.flatMap((file) => {
    const name = `${basename(folder)} › ${relative(folder, file.name)}`;
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    // A file that failed as a whole, in an import or a hook, says so itself.
    if (failed.length === 0 && file.status === "failed") return [{ name, message: file.message ?? "" }];
    return failed.map((one) => ({
      name: `${name} › ${one.fullName}`,
      message: (one.failureMessages ?? []).join("\n"),
    }));
  });
}

function paragraph({ name, message }: FailedTest): string {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const shown = lines.slice(0, MOST_LINES).map((line) => `      ${line.trimEnd().slice(0, MOST_WIDTH)}`);
  return [`  ${stripVTControlCharacters(name)}`, ...shown].join("\n");
}
