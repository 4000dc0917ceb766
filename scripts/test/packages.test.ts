import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gitRepo, temporaryFolder } from "@orchard/testkit";
import { extract } from "tar";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installedPackages, localRegistry, type Published, packedPackage } from "./local-registry.ts";

const root = join(import.meta.dirname, "../..");
const folder = temporaryFolder("packed orchard");
const prefix = join(folder.path, "prefix");
const consumer = join(folder.path, "consumer");
const published = manifests().filter((manifest) => manifest.private !== true);
const libraries = published.filter(({ bin }) => bin === undefined);

afterAll(() => folder[Symbol.dispose]());

beforeAll(async () => {
  const ours = await pack();
  await using registry = await localRegistry([...installedPackages(root), ...ours]);
  const names = published.map(({ name }) => name);
  const programs = published.filter(({ bin }) => bin !== undefined).map(({ name }) => name);
  await npm(registry.url, folder.path, "install", "--global", "--prefix", prefix, ...programs);
  mkdirSync(consumer);
  writeFileSync(join(consumer, "package.json"), '{"name":"consumer","version":"1.0.0","type":"module"}');
  await npm(registry.url, consumer, "install", ...names);
}, 400_000);

test("both programs of an installed orch carry a lane from init to landed, with orbit-agent on the agent's PATH", () => {
  using repo = gitRepo();
  const lane = {
    tasks: ["Say hello"],
    parallel: true,
    command: "orbit-agent --version > version.txt && git add version.txt && git commit -qm version",
  };
  expect(JSON.parse(installed(repo.path, "orch", "init", "--json"))).toMatchObject({ outcome: "initialised" });
  installed(repo.path, "orch", "add-lane", "hello", JSON.stringify(lane));
  installed(repo.path, "orch", "execute");
  expect(JSON.parse(installed(repo.path, "orch", "merge", "--json"))).toMatchObject({ landed: [{ lane: "hello" }] });
  const version = repo.read("version.txt").trim();
  expect(version).toBe(published.find(({ name }) => name === "@orchard/agent-cli")?.version);
  expect(installed(repo.path, "orbit-agent", "--help")).toContain("Example:");
}, 200_000);

const entries = libraries.flatMap(({ name, exports }) =>
  Object.keys(exports)
    .filter((entry) => entry !== "./package.json")
    .map((entry) => name + entry.slice(1)),
);

test.each(entries)("%s can be imported where it was installed, with its types", (name) => {
  const names = run(consumer, process.execPath, [
    "--input-type=module",
    "-e",
    `console.log(Object.keys(await import(${JSON.stringify(name)})).length)`,
  ]);
  expect(Number(names)).toBeGreaterThan(0);
});

test.each(programsOfGuide())("the guide to using a package: $title prints what it says", ({ program }) => {
  using repo = gitRepo();
  repo.git(["switch", "-q", "-c", "feature"]);
  repo.commit("theirs", { "README.md": "theirs\n" });
  repo.git(["switch", "-q", "main"]);
  repo.commit("ours", { "README.md": "ours\n" });
  const file = join(consumer, "program.mjs");
  writeFileSync(file, program);
  const expected = [...program.matchAll(/^ *console\.log.*; \/\/ (.*)$/gm)].map(([, said]) => said);
  expect(expected.length).toBeGreaterThan(0);
  expect(run(repo.path, process.execPath, [file]).trim().split("\n")).toEqual(expected);
});

test("the types of every entry are found and are not `any`", () => {
  const lines = entries.map((name, index) => `import * as all${index} from "${name}";`);
  const wrong = entries.map((_, index) => `// @ts-expect-error\nconst no${index}: number = all${index};`);
  writeFileSync(join(consumer, "all.mts"), [...lines, ...wrong].join("\n"));
  const tsc = join(root, "node_modules/.bin/tsc");
  const types = ["--typeRoots", join(root, "node_modules/@types"), "--types", "node"];
  const how = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2024",
    "--lib",
    "es2024,esnext.disposable",
  ];
  const result = spawnSync(tsc, [...how, ...types, "all.mts"], { cwd: consumer, encoding: "utf8" });
  expect(result.stdout).toBe("");
  expect(result.status).toBe(0);
});

test("a tarball holds what its package needs and nothing that a test or a build left", () => {
  for (const { name } of published) {
    const files = listed(join(consumer, "node_modules", name));
    expect(files, name).toContain("README.md");
    expect(files, name).toContain("LICENSE");
    expect(files.filter((path) => /tsbuildinfo|test-results|\.test\.|^test\//.test(path), name)).toEqual([]);
  }
});

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
}

function manifests(): readonly Manifest[] {
  const folders = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name, "package.json")),
  );
  return folders.map((path) => JSON.parse(readFileSync(path, "utf8")) as Manifest);
}

function programsOfGuide(): readonly { readonly title: string; readonly program: string }[] {
  const guide = readFileSync(join(root, "docs/guides/using-a-package.md"), "utf8");
  return [...guide.matchAll(/^## (.*)\n\n```js\n([\s\S]*?)```/gm)].map(([, title = "", program = ""]) => ({
    title,
    program,
  }));
}

/** Every public package as it would be published. */
async function pack(): Promise<readonly Published[]> {
  const into = join(folder.path, "tarballs");
  const only = ["--filter", "./packages/*", "--filter", "./apps/*"];
  run(root, "pnpm", ["-r", ...only, "pack", "--pack-destination", into]);
  const tarballs = readdirSync(into).filter((name) => !name.includes("testkit"));
  return await Promise.all(tarballs.map((name) => unpacked(join(into, name))));
}

async function unpacked(path: string): Promise<Published> {
  const cwd = join(folder.path, "unpacked", basename(path, ".tgz"));
  mkdirSync(cwd, { recursive: true });
  await extract({ file: path, cwd, strip: 1 });
  return packedPackage(path, cwd);
}

/** Asks `registry` alone, and keeps nothing for another time. */
async function npm(registry: string, cwd: string, ...args: readonly string[]): Promise<void> {
  const where = ["--registry", registry, "--cache", join(folder.path, "cache")];
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--fetch-retries=0", "--loglevel=error"];
  await promisify(execFile)("npm", [...args, ...where, ...quiet], { cwd, timeout: 180_000 });
}

/** Runs an installed program as a person would whose PATH has nothing of this clone but Node itself. */
function installed(cwd: string, program: string, ...args: readonly string[]): string {
  const system = (process.env["PATH"] ?? "").split(delimiter).filter((part) => !part.startsWith(root));
  const path = [join(prefix, "bin"), dirname(process.execPath), ...system].join(delimiter);
  return run(cwd, program, args, { ...process.env, PATH: path });
}

function run(cwd: string, program: string, args: readonly string[], env = process.env): string {
  return execFileSync(program, args, { cwd, env, encoding: "utf8", maxBuffer: 1 << 26 });
}

function listed(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" });
}
