import type { ProbeResult } from "../probe-result.ts";
import { findCi } from "./ci.ts";
import { type FoundGap, resultOf } from "./found-gap.ts";
import { readManifests } from "./manifests.ts";
import type { Progress } from "./run-built-in-probe.ts";
import type { Survey } from "./survey.ts";
import { extensionOf } from "./text/languages.ts";
import { isTestFile, languageOf } from "./untested/test-files.ts";

const PROBE = "project";

const LANGUAGES: Readonly<Record<string, string>> = {
  ...named("JavaScript", "js mjs cjs jsx"),
  ...named("TypeScript", "ts mts cts tsx"),
  ...named("Python", "py pyi pyx"),
  ...named("C", "c h"),
  ...named("C++", "cc cpp cxx hh hpp hxx"),
  ...named("Kotlin", "kt kts"),
  ...named("Shell", "sh bash zsh"),
  ...named("Go", "go"),
  ...named("Rust", "rs"),
  ...named("Java", "java"),
  ...named("C#", "cs"),
  ...named("Ruby", "rb"),
  ...named("PHP", "php"),
  ...named("Swift", "swift"),
  ...named("Scala", "scala"),
  ...named("Dart", "dart"),
  ...named("Vue", "vue"),
  ...named("Svelte", "svelte"),
};

const LOCK_FILES =
  /(?:^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|go\.sum|poetry\.lock|uv\.lock|Pipfile\.lock|Gemfile\.lock|composer\.lock)$/;

/** What the repository is made of, how it is tested and built by machines, and what of that is missing. */
export async function probeProject(survey: Survey, progress: Progress): Promise<ProbeResult> {
  const paths = survey.files.map(({ path }) => path);
  const own = survey.files.filter((file) => file.own).map(({ path }) => path);
  const manifests = await readManifests(survey);
  const ci = await findCi(survey);
  const tests = own.filter(isTestFile).length;
  progress(`${manifests.all.length} manifests, ${ci.files.length} CI files, ${tests} test files`);
  const languages = languagesOf(own);
  const license = paths.filter((path) => /^(?:licen[cs]e|copying|unlicense)[^/]*$/i.test(path));
  const facts = {
    files: survey.files.length,
    ownFiles: own.length,
    languages,
    manifests: [...manifests.all],
    lockFiles: paths.filter((path) => LOCK_FILES.test(path)).slice(0, 50),
    testFiles: tests,
    testCommands: [...manifests.testCommands],
    testTools: [...manifests.testTools],
    ci: [...ci.systems],
    ciFiles: ci.files.slice(0, 50),
    license: license[0] ?? null,
  };
  const isCode = Object.keys(languages).length > 0;
  const gaps: FoundGap[] = [
    ...(isCode && ci.files.length === 0 ? [noCi(manifests.testCommands[0])] : []),
    ...(ci.files.length > 0 && !ci.mentionsTests && tests > 0 ? [ciWithoutTests(ci.files)] : []),
    ...((await hasTests(survey, own)) ? manifests.withoutTestCommand.map(noTestCommand) : []),
    ...(isCode && license.length === 0 && !manifests.isPrivate ? [NO_LICENSE] : []),
  ];
  const top = Object.keys(languages).slice(0, 3).join(", ");
  const summary = `${survey.files.length} files${top === "" ? "" : `, mostly ${top}`}; ${tests} test files; CI: ${ci.systems.join(", ") || "none"}.`;
  return resultOf(PROBE, summary, gaps, facts);
}

/** Files of each language, the most frequent first. */
function languagesOf(paths: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const extension = extensionOf(path);
    const language = Object.hasOwn(LANGUAGES, extension) ? LANGUAGES[extension] : undefined;
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function named(language: string, extensions: string): Record<string, string> {
  return Object.fromEntries(extensions.split(" ").map((extension) => [extension, language]));
}

function noCi(testCommand: string | undefined): FoundGap {
  const what = testCommand === undefined ? "checks every push" : `runs \`${testCommand}\` on every push`;
  return {
    id: `${PROBE}.no-ci`,
    title: "No continuous integration is set up",
    severity: "medium",
    tasks: [`Set up continuous integration that ${what}`],
  };
}

function ciWithoutTests(files: readonly string[]): FoundGap {
  return {
    id: `${PROBE}.ci-without-tests`,
    title: "There are tests, and continuous integration runs none of them",
    severity: "medium",
    files: files.slice(0, 50),
    tasks: ["Run the tests in continuous integration"],
  };
}

/** Helpers of tests lie among them; a test says so itself. */
const IS_TEST = /\b(?:it|test|describe|suite)\s*[.(]|\bnode:test\b/;
const MOST_READ = 100;

async function hasTests(survey: Survey, own: readonly string[]): Promise<boolean> {
  const tests = own.filter((path) => languageOf(path) === "script" && isTestFile(path)).slice(0, MOST_READ);
  for (const path of tests) if (IS_TEST.test((await survey.text(path)) ?? "")) return true;
  return false;
}

function noTestCommand(path: string): FoundGap {
  return {
    id: `${PROBE}.no-test-command`,
    title: `${path} has no test command, and there are tests`,
    severity: "medium",
    files: [path],
    tasks: [`Add a "test" script to ${path} that runs the tests`],
  };
}

const NO_LICENSE: FoundGap = {
  id: `${PROBE}.no-license`,
  title: "There is no licence file",
  severity: "low",
  files: ["LICENSE"],
  tasks: ["Add the text of the licence as LICENSE"],
};
