import { join } from "node:path";
import { nodeFiles, readWhole } from "@orchard/host";
import { pathExists } from "../orchard/path-exists.ts";

/** How a project is commonly made ready and checked, told from the files at its root. */
export interface ProjectKind {
  /** Makes a fresh checkout ready to work in. */
  readonly setup?: string | undefined;
  /** Exits 0 when the work is sound. */
  readonly verify?: string | undefined;
}

/** By language, the file that tells the kind; the first of a language that is there counts. */
const LANGUAGES: readonly (readonly ({ readonly file: string } & ProjectKind)[])[] = [
  [{ file: "Cargo.toml", verify: "cargo test" }],
  [{ file: "go.mod", verify: "go test ./..." }],
  [{ file: "pom.xml", verify: "mvn -q test" }],
  [
    { file: "gradlew", verify: "./gradlew test" },
    { file: "build.gradle", verify: "gradle test" },
    { file: "build.gradle.kts", verify: "gradle test" },
  ],
  [
    { file: "uv.lock", setup: "uv sync --frozen", verify: "uv run pytest -q" },
    { file: "poetry.lock", setup: "poetry install", verify: "poetry run pytest -q" },
    { file: "tox.ini", verify: "tox" },
    { file: "pyproject.toml", verify: "python3 -m pytest -q" },
    { file: "pytest.ini", verify: "python3 -m pytest -q" },
    { file: "setup.py", verify: "python3 -m pytest -q" },
  ],
];

/** The lock file tells the package manager. */
const MANAGERS: readonly { readonly lock: string; readonly install: string; readonly test: string }[] = [
  { lock: "pnpm-lock.yaml", install: "pnpm install --frozen-lockfile", test: "pnpm test" },
  { lock: "yarn.lock", install: "yarn install --frozen-lockfile", test: "yarn test" },
  { lock: "bun.lock", install: "bun install --frozen-lockfile", test: "bun run test" },
  { lock: "bun.lockb", install: "bun install --frozen-lockfile", test: "bun run test" },
  { lock: "package-lock.json", install: "npm ci", test: "npm test" },
  { lock: "npm-shrinkwrap.json", install: "npm ci", test: "npm test" },
];

/** The files of a project, by their paths from its root. */
export interface ProjectFiles {
  has(path: string): boolean | Promise<boolean>;
  text(path: string): Promise<string | undefined>;
}

/** What the files at `root` say; nothing is run, and nothing is guessed where none of them is known. */
export async function projectKind(root: string): Promise<ProjectKind> {
  const kinds = await projectKinds({
    has: (path) => pathExists(join(root, path)),
    text: (path) => readIfThere(join(root, path)),
  });
  return kinds.find(({ verify }) => verify !== undefined) ?? kinds[0] ?? {};
}

/** Each way in which the files say that the project is made ready and checked; the first that checks it counts most. */
export async function projectKinds(files: ProjectFiles): Promise<readonly ProjectKind[]> {
  const node = await nodeProject(files);
  const kinds = [node];
  for (const language of LANGUAGES) {
    for (const { file, setup, verify } of language) {
      if (!(await files.has(file))) continue;
      kinds.push({ setup, verify });
      break;
    }
  }
  const makefile = await files.text("Makefile");
  if (makefile !== undefined && /^test:/m.test(makefile)) kinds.push({ ...node, verify: "make test" });
  return kinds;
}

/** What `npm init` writes in place of a test says that there is none. */
export function isTestScript(script: unknown): script is string {
  return typeof script === "string" && !script.includes("no test specified");
}

interface PackageJson {
  readonly scripts?: { readonly test?: unknown } | null;
  readonly dependencies?: object | null;
  readonly devDependencies?: object | null;
}

async function nodeProject(files: ProjectFiles): Promise<ProjectKind> {
  const manifest = packageJsonIn(await files.text("package.json"));
  if (manifest === undefined) return {};
  const manager = await managerOf(files);
  const needed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0;
  return {
    // Without a lock file an install would write one: nobody asked for that.
    setup: needed ? manager?.install : undefined,
    verify: isTestScript(manifest.scripts?.test) ? (manager?.test ?? "npm test") : undefined,
  };
}

async function managerOf(files: ProjectFiles) {
  for (const manager of MANAGERS) if (await files.has(manager.lock)) return manager;
  return undefined;
}

function packageJsonIn(text: string | undefined): PackageJson | undefined {
  try {
    return text === undefined ? undefined : ((JSON.parse(text) as PackageJson | null) ?? {});
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A link to a device or a pipe is no file: a repository may hold anything. */
async function readIfThere(path: string): Promise<string | undefined> {
  return (await readWhole(nodeFiles, path))?.toString("utf8");
}
