import { extensionOf } from "../text/languages.ts";

const FOLDER = /(?:^|\/)(?:tests?|__tests?__|specs?|e2e|cypress|unittests?|integration[-_]tests?)\//i;
const SCRIPT_NAME =
  /(?:^|\/)(?:tests?|specs?)\.[cm]?[jt]sx?$|[._-](?:tests?|specs?|e2e|cy|unit)\.[cm]?[jt]sx?$|(?:^|\/)tests?[._-][^/]*\.[cm]?[jt]sx?$/i;
const PYTHON_NAME = /(?:^|\/)(?:test_[^/]*|[^/]*_tests?|tests?|conftest)\.py$/;
const JAVA_NAME = /(?:^|\/)(?:Test[A-Z][^/]*|[^/]*(?:Tests?|TestCase|IT|Spec))\.(?:java|kt|groovy|scala)$/;

/** Languages whose tests we can tell from their sources. */
export type Language = "script" | "python" | "go" | "rust" | "java";

const OF_EXTENSION: Readonly<Record<string, Language>> = {
  ...of("script", "js mjs cjs jsx ts mts cts tsx"),
  ...of("python", "py"),
  ...of("go", "go"),
  ...of("rust", "rs"),
  ...of("java", "java kt"),
};

export function languageOf(path: string): Language | undefined {
  const extension = extensionOf(path);
  return Object.hasOwn(OF_EXTENSION, extension) ? OF_EXTENSION[extension] : undefined;
}

/** Whether a file is a test, or helps tests, by the conventions of its language. */
export function isTestFile(path: string): boolean {
  switch (languageOf(path)) {
    case "script":
      return SCRIPT_NAME.test(path) || FOLDER.test(path);
    case "python":
      return PYTHON_NAME.test(path) || FOLDER.test(path);
    case "go":
      return path.endsWith("_test.go");
    case "rust":
      return /(?:^|\/)tests\/|(?:^|\/|_)tests?\.rs$/.test(path);
    case "java":
      return (
        /(?:^|\/)src\/(?:test|androidTest|integrationTest|it)\//.test(path) || JAVA_NAME.test(path) || FOLDER.test(path)
      );
    case undefined:
      return false;
  }
}

/** Code that nobody tests by itself: examples, set-up, declarations, helpers of tests. */
const ASIDE =
  /(?:^|\/)(?:examples?|samples?|demos?|docs?|website|site|scripts?|tools?|bench(?:marks?|es)?|perf|fixtures?|__fixtures__|__mocks__|mocks?|stories|\.storybook|\.github|\.vscode|types|typings|@types|migrations?|testdata|testutils?|test-utils|playground|templates?|config|configs|assets|public|static)\//i;
const ASIDE_NAME =
  /\.d\.[cm]?ts$|\.(?:config|conf|setup|stories|story|mock|fixture|bench)\.[cm]?[jt]sx?$|(?:^|\/)(?:\.[^/]*|gulpfile|Gruntfile|webpack[^/]*|rollup[^/]*|babel[^/]*|karma[^/]*|eslint[^/]*|prettier[^/]*|jest[^/]*|vite[^/]*|tsup[^/]*|setup|conftest|noxfile|fabfile|tasks|manage|wsgi|asgi|__main__|__about__|__version__|_version|version|package-info|module-info|build|doc)\.[a-z]+$/i;

/** Whether a file is one of which a test could be expected. */
export function isSource(path: string): boolean {
  return languageOf(path) !== undefined && !isTestFile(path) && !ASIDE.test(path) && !ASIDE_NAME.test(path);
}

function of(language: Language, extensions: string): Record<string, Language> {
  return Object.fromEntries(extensions.split(" ").map((extension) => [extension, language]));
}
