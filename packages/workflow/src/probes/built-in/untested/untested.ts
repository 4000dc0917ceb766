import { MOST_FILES_OF_A_GAP, type ProbeResult } from "../../probe-result.ts";
import { isBuilt } from "../built.ts";
import { counted, type FoundGap, gapId, oneLine, resultOf } from "../found-gap.ts";
import { readPackageJson } from "../manifests.ts";
import type { Progress } from "../run-built-in-probe.ts";
import { readEach, type Survey } from "../survey.ts";
import { isGenerated } from "../vendored.ts";
import { goRules } from "./go.ts";
import { javaRules } from "./java.ts";
import { pythonRules } from "./python.ts";
import { rustRules } from "./rust.ts";
import { scriptRules } from "./script.ts";
import { isSource, isTestFile, type Language, languageOf } from "./test-files.ts";

const PROBE = "untested";

/** A file with what it says. */
export interface Code {
  readonly path: string;
  readonly text: string;
}

/** All code of one language, as the probe sees it. */
export interface CodeBase {
  /** Files of which a test could be expected. */
  readonly sources: readonly Code[];
  readonly tests: readonly Code[];
  /** Sources, tests and what is neither. */
  readonly all: readonly Code[];
  /** Folders of the repository's own npm packages, by name. */
  readonly packages: ReadonlyMap<string, string>;
}

export interface Rules {
  readonly says: string;
  /** Whether there is something in a source that can be tested. */
  hasBehaviour(code: Code): boolean;
  /** The sources that tests lead to, each with how: by a test of its own, or only through other code. */
  covered(code: CodeBase): ReadonlyMap<string, "own" | "through">;
}

const RULES: Readonly<Record<Language, Rules>> = {
  script: scriptRules,
  python: pythonRules,
  go: goRules,
  rust: rustRules,
  java: javaRules,
};

/**
 * Sources that no test leads to, a gap for each folder. A test leads to a source when it is named after it, imports it,
 * imports what in turn imports it, or says its file's name; code that is loaded by a name made up at run time is not seen.
 */
export async function probeUntested(survey: Survey, progress: Progress): Promise<ProbeResult> {
  const wanted = survey.files.filter(
    ({ own, path }) => own && languageOf(path) !== undefined && !isBuilt(survey, path),
  );
  const read = new Map<Language, Code[]>();
  for await (const { file, text } of readEach(survey, wanted, progress)) {
    const language = languageOf(file.path);
    if (language !== undefined && !isGenerated(text)) push(read, language, { path: file.path, text });
  }
  const packages = await ownPackages(survey);
  const gaps: FoundGap[] = [];
  const facts: Record<string, { sources: number; tests: number; withoutTest: number; onlyThroughOthers: number }> = {};
  for (const [language, all] of [...read].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const rules = RULES[language];
    const tests = all.filter(({ path }) => isTestFile(path));
    const sources = all.filter((code) => isSource(code.path) && rules.hasBehaviour(code));
    if (sources.length === 0) continue;
    const covered = withNamed(rules.covered({ sources, tests, all, packages }), sources, tests);
    const paths = sources.map(({ path }) => path);
    const without = paths.filter((path) => !covered.has(path));
    const through = paths.filter((path) => covered.get(path) === "through");
    facts[rules.says] = {
      sources: paths.length,
      tests: tests.length,
      withoutTest: without.length,
      onlyThroughOthers: through.length,
    };
    const hasTests = covered.size > 0 || tests.length > 0;
    gaps.push(...(hasTests ? byFolder(without) : [noTestsAt(rules.says, sources)]));
  }
  return resultOf(PROBE, summaryOf(facts), gaps, facts);
}

function push(read: Map<Language, Code[]>, language: Language, code: Code): void {
  const known = read.get(language);
  if (known === undefined) read.set(language, [code]);
  else known.push(code);
}

/** A test that starts a program or loads a file by itself says the file's name. */
function withNamed(
  covered: ReadonlyMap<string, "own" | "through">,
  sources: readonly Code[],
  tests: readonly Code[],
): ReadonlyMap<string, "own" | "through"> {
  const named = new Set(tests.flatMap(({ text }) => text.match(/[\w.-]+\.(?:[cm]?[jt]sx?|py|rs|go|java|kt)\b/g) ?? []));
  const own = sources.filter(({ path }) => named.has(path.slice(path.lastIndexOf("/") + 1)));
  return new Map([...covered, ...own.map(({ path }) => [path, "own"] as const)]);
}

async function ownPackages(survey: Survey): Promise<ReadonlyMap<string, string>> {
  const packages = new Map<string, string>();
  for (const { path, own } of survey.files) {
    if (!own || !/(?:^|\/)package\.json$/.test(path)) continue;
    const name = (await readPackageJson(survey, path))?.name;
    if (name !== undefined && !packages.has(name))
      packages.set(name, path.slice(0, Math.max(0, path.lastIndexOf("/"))));
  }
  return packages;
}

/** Where there are many folders they are taken together by the folders above them. */
const MOST_FOLDERS = 60;
const DEEPEST = 8;

function byFolder(paths: readonly string[]): readonly FoundGap[] {
  for (let depth = DEEPEST; ; depth--) {
    const folders = Map.groupBy(paths, (path) => path.split("/").slice(0, -1).slice(0, depth).join("/"));
    if (folders.size <= MOST_FOLDERS || depth === 1)
      return [...folders].map(([folder, files]) => ofFolder(folder, files));
  }
}

function ofFolder(folder: string, files: readonly string[]): FoundGap {
  const where = folder === "" ? "at the root" : `in ${oneLine(folder, 150)}`;
  const what = files.length === 1 ? oneLine(files[0] ?? "", 200) : `${files.length} files ${where}`;
  return {
    id: gapId(PROBE, folder === "" ? "root" : folder),
    title: `No test imports or names ${what}`,
    severity: "medium",
    files: files.slice(0, MOST_FILES_OF_A_GAP),
    tasks: files.slice(0, 100).map((path) => `Test ${path}`),
  };
}

function noTestsAt(language: string, sources: readonly Code[]): FoundGap {
  const largest = [...sources].sort((a, b) => b.text.length - a.text.length || (a.path < b.path ? -1 : 1));
  return {
    id: gapId(PROBE, `no tests ${language}`),
    title: `There is no test for ${counted(sources.length, `${language} file`)}`,
    severity: "high",
    files: largest
      .slice(0, 50)
      .map(({ path }) => path)
      .sort(),
    tasks: [`Set up tests for ${language}`, ...largest.slice(0, 10).map(({ path }) => `Test ${path}`)],
  };
}

function summaryOf(
  facts: Readonly<Record<string, { readonly sources: number; readonly withoutTest: number }>>,
): string {
  const said = Object.entries(facts).map(
    ([language, { sources, withoutTest }]) => `${withoutTest} of ${counted(sources, `${language} file`)}`,
  );
  return said.length === 0
    ? "There is no code whose tests could be told."
    : `No test imports or names ${said.join(", ")}, not even through other files.`;
}
