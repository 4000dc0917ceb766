import { isTestScript, projectKinds } from "../../config/project-kind.ts";
import type { Survey } from "./survey.ts";

const MANIFEST =
  /(?:^|\/)(?:package\.json|pyproject\.toml|setup\.py|setup\.cfg|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|composer\.json|mix\.exs|deno\.jsonc?|CMakeLists\.txt|Makefile|tox\.ini|noxfile\.py)$/;

const TEST_TOOLS =
  /^(?:vitest|jest|mocha|ava|tap|tape|uvu|jasmine|karma|qunit|cypress|@playwright\/test|playwright|@japa\/runner|lab|web-test-runner|@web\/test-runner|c8|nyc)$/;

export interface Manifests {
  readonly all: readonly string[];
  /** How the tests are run, as far as the manifests at the root say. */
  readonly testCommands: readonly string[];
  readonly testTools: readonly string[];
  /** Manifests whose kind has a place for a test command, and that leave it empty. */
  readonly withoutTestCommand: readonly string[];
  /** The root's manifest says that it is not to be published. */
  readonly isPrivate: boolean;
}

/** A manifest as far as it can be believed: fields of another kind count as missing. */
export interface PackageJson {
  readonly name: string | undefined;
  readonly isPrivate: boolean;
  readonly scripts: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
  readonly entries: Readonly<Record<string, unknown>>;
}

export async function readManifests(survey: Survey): Promise<Manifests> {
  const all = survey.files.filter(({ path, own }) => own && MANIFEST.test(path)).map(({ path }) => path);
  const npm = await readPackageJson(survey, "package.json");
  const script = npm?.scripts["test"];
  const testCommands = (await projectKinds(survey)).flatMap(({ verify }) => verify ?? []);
  const tools = new Set((npm?.dependencies ?? []).filter((name) => TEST_TOOLS.test(name)));
  if (typeof script === "string" && /\bnode\b.*--test\b/.test(script)) tools.add("node --test");
  if (survey.has("pytest.ini") || survey.has("conftest.py") || survey.has("tests/conftest.py")) tools.add("pytest");
  return {
    all: all.slice(0, 200),
    testCommands,
    testTools: [...tools].sort(),
    withoutTestCommand: npm !== undefined && !isTestScript(script) && testCommands.length === 0 ? ["package.json"] : [],
    isPrivate: npm?.isPrivate === true,
  };
}

/** `undefined` when there is none or when it is not JSON. */
export async function readPackageJson(survey: Survey, path: string): Promise<PackageJson | undefined> {
  const value = parsed(await survey.text(path));
  if (value === undefined) return undefined;
  const record = (field: string) => asRecord(value[field]) ?? {};
  return {
    name: typeof value["name"] === "string" ? value["name"] : undefined,
    isPrivate: value["private"] === true,
    scripts: record("scripts"),
    dependencies: [...Object.keys(record("dependencies")), ...Object.keys(record("devDependencies"))],
    entries: value,
  };
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    return asRecord(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
