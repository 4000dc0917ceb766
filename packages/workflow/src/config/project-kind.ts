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

/** The file that tells the kind; the first that is there counts. */
const KINDS: readonly ({ readonly file: string } & ProjectKind)[] = [
  { file: "Cargo.toml", verify: "cargo test" },
  { file: "go.mod", verify: "go test ./..." },
  { file: "pom.xml", verify: "mvn -q test" },
  { file: "gradlew", verify: "./gradlew test" },
  { file: "uv.lock", setup: "uv sync --frozen", verify: "uv run pytest -q" },
  { file: "poetry.lock", setup: "poetry install", verify: "poetry run pytest -q" },
  { file: "pyproject.toml", verify: "python3 -m pytest -q" },
  { file: "pytest.ini", verify: "python3 -m pytest -q" },
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

/** What the files at `root` say; nothing is run, and nothing is guessed where none of them is known. */
export async function projectKind(root: string): Promise<ProjectKind> {
  const node = await nodeProject(root);
  if (node.verify !== undefined) return node;
  for (const { file, setup, verify } of KINDS) if (await pathExists(join(root, file))) return { setup, verify };
  const makefile = await readIfThere(join(root, "Makefile"));
  return makefile !== undefined && /^test:/m.test(makefile) ? { ...node, verify: "make test" } : node;
}

interface PackageJson {
  readonly scripts?: { readonly test?: unknown } | null;
  readonly dependencies?: object | null;
  readonly devDependencies?: object | null;
}

async function nodeProject(root: string): Promise<ProjectKind> {
  const manifest = await readPackageJson(join(root, "package.json"));
  if (manifest === undefined) return {};
  const manager = await managerOf(root);
  const script = manifest.scripts?.test;
  const hasTests = typeof script === "string" && !script.includes("no test specified");
  const needed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0;
  return {
    // Without a lock file an install would write one: nobody asked for that.
    setup: needed ? manager?.install : undefined,
    verify: hasTests ? (manager?.test ?? "npm test") : undefined,
  };
}

async function managerOf(root: string) {
  for (const manager of MANAGERS) if (await pathExists(join(root, manager.lock))) return manager;
  return undefined;
}

async function readPackageJson(path: string): Promise<PackageJson | undefined> {
  try {
    const text = await readIfThere(path);
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
