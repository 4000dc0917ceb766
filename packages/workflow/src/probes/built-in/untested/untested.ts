import { MOST_FILES_OF_A_GAP, type ProbeResult } from "../../probe-result.ts";
import { counted, type FoundGap, gapId, oneLine, resultOf } from "../found-gap.ts";
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
  readonly survey: Survey;
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
 * Sources that no test leads to, a gap for each folder. A test leads to a source when it is named after it, imports it, or
 * imports what in turn imports it; so what is said here to be without a test is known to be.
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
  const gaps: FoundGap[] = [];
  const facts: Record<string, { sources: number; tests: number; withoutTest: number; onlyThroughOthers: number }> = {};
  for (const [language, all] of [...read].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const rules = RULES[language];
    const tests = all.filter(({ path }) => isTestFile(path));
    const sources = all.filter((code) => isSource(code.path) && rules.hasBehaviour(code));
    if (sources.length === 0) continue;
    const covered = rules.covered({ sources, tests, all, survey });
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

/** What a build makes beside its sources. */
function isBuilt(survey: Survey, path: string): boolean {
  const found = /^(.*?)(?:^|\/)(?:lib|build|out|es|bin|types)\//.exec(path);
  if (found === null || languageOf(path) !== "script") return false;
  const beside = found[1] === "" ? "src" : `${found[1]}/src`;
  return survey.hasFolder(beside) && !path.startsWith(`${beside}/`);
}

function byFolder(paths: readonly string[]): readonly FoundGap[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const known = folders.get(folder);
    if (known === undefined) folders.set(folder, [path]);
    else known.push(path);
  }
  return [...folders].map(([folder, files]) => {
    const where = folder === "" ? "at the root" : `in ${oneLine(folder, 150)}`;
    const one = files.length === 1;
    return {
      id: gapId(PROBE, folder === "" ? "root" : folder),
      title: one
        ? `No test leads to ${oneLine(files[0] ?? "", 200)}`
        : `No test leads to ${files.length} files ${where}`,
      severity: "medium",
      files: files.slice(0, MOST_FILES_OF_A_GAP),
      tasks: files.slice(0, 100).map((path) => `Test ${path}`),
    };
  });
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
  return said.length === 0 ? "There is no code whose tests could be told." : `No test leads to ${said.join(", ")}.`;
}
