// What `npm run demo`, `npm test` and their like do. It runs on any Node from 20 on with nothing installed yet:
// fetches pnpm, lets it install everything (a modern Node among it), and hands over to that Node.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const modernNode = join(root, "node_modules", "node", "bin");
const installedTools = join(root, "node_modules", ".bin");
const env = {
  ...process.env,
  PATH: [modernNode, installedTools, process.env.PATH].join(delimiter),
  // What tests start from sources, again and again, is compiled once.
  NODE_COMPILE_CACHE: join(root, "node_modules", ".orchard", "compile-cache"),
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
};

const [task = "", ...args] = process.argv.slice(2);
const TASKS = { build, test, check, format, demo, bench, simulate, proof, docs, "release-rehearsal": rehearseRelease };
if (!Object.hasOwn(TASKS, task)) {
  console.error(`error: there is no task "${task}". Tasks: ${Object.keys(TASKS).join(", ")}`);
  process.exit(2);
}
process.exitCode = TASKS[task]();

function build() {
  return install() || turbo("build");
}

function check() {
  return install() || run("biome", ["ci", "."]) || run("tsc", ["-p", "tsconfig.json", "--singleThreaded"]);
}

function format() {
  return install() || run("biome", ["check", "--write", "."]);
}

function demo() {
  return build() || run("node", [join("apps", "orch", "dist", "orch.js"), "demo", ...args]);
}

function bench() {
  return build() || run("node", ["--conditions=@orchard/source", join("benchmarks", "run.ts"), ...args]);
}

function simulate() {
  const simulator = join("packages", "tracker-core", "test", "simulator", "run.ts");
  return install() || run("node", ["--conditions=@orchard/source", simulator, ...args]);
}

/** Every fault in its long form, an hour and more; or those that are named. */
function proof() {
  return build() || run("node", ["--conditions=@orchard/source", join("scripts", "proof.ts"), ...args]);
}

/** The API of every library as pages: dist/api/index.html. */
function docs() {
  return install() || run(join("scripts", "node_modules", ".bin", "typedoc"), ["--options", "scripts/typedoc.json"]);
}

function rehearseRelease() {
  return build() || run("node", ["--conditions=@orchard/source", join("scripts", "release-rehearsal.ts")]);
}

/**
 * Lint, types, build, then the tests of every package; ends with a list of what failed and the sums, alone on the last
 * line. Both are left in a file too, for whoever prints something after us.
 */
function test() {
  rmSync(sumFile(), { force: true });
  const installed = install();
  if (installed !== 0) return installed;
  for (const folder of packages()) rmSync(resultsOf(folder), { force: true });
  const lint = run("biome", ["ci", "."]);
  const types = run("tsc", ["-p", "tsconfig.json", "--singleThreaded"]);
  const built = turbo("build");
  const tested = built === 0 ? turbo("test", "--concurrency=2", "--continue") : built;
  const sums = sumOfResults();
  const failed = sums.failed + Number(lint !== 0) + Number(types !== 0) + Number(built !== 0);
  const unseen = tested !== 0 && failed === 0 ? 1 : 0;
  const line = `${sums.passed} passed, ${failed + unseen} failed`;
  const end = `${failedTests({ lint, types, built })}${line}\n`;
  mkdirSync(join(root, "node_modules", ".orchard"), { recursive: true });
  writeFileSync(sumFile(), end);
  process.stdout.write(end);
  return failed + unseen === 0 ? 0 : 1;
}

function failedTests(steps) {
  const failed = Object.entries(steps).flatMap(([step, status]) => (status === 0 ? [] : [`Failed: ${step}\n`]));
  const list = spawnSync("node", [join("scripts", "failed-tests.ts"), ...packages()], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  return failed.join("") + (list.status === 0 ? list.stdout : `The failed tests could not be listed: ${list.stderr}\n`);
}

function sumFile() {
  return join(root, "node_modules", ".orchard", "test-sum");
}

/** Everything that is needed, exactly as the lock file says. Quick when it is all there. */
function install() {
  if (isInstalled()) return 0;
  console.error("Installing (the first time takes a minute) …");
  const pnpm = manifest.packageManager;
  const status = run("npx", ["--yes", pnpm, "install", "--frozen-lockfile", "--reporter=append-only"], { quiet: true });
  if (status === 0) writeFileSync(stamp(), lock());
  return status;
}

function isInstalled() {
  return existsSync(join(modernNode, "node")) && existsSync(stamp()) && readFileSync(stamp(), "utf8") === lock();
}

function stamp() {
  return join(root, "node_modules", ".orchard-installed");
}

function lock() {
  return readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
}

/** Turbo runs the packages' scripts by the pnpm that is installed here: nothing asks the network once all is there. */
function turbo(name, ...more) {
  return run("turbo", ["run", name, "--output-logs=new-only", ...more]);
}

function run(program, programArguments, { quiet = false } = {}) {
  const result = spawnSync(program, programArguments, {
    cwd: root,
    env,
    stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (result.error) {
    console.error(`error: ${program} could not be started: ${result.error.message}`);
    return 1;
  }
  if (quiet && result.status !== 0) console.error(`${result.stdout}\n${result.stderr}`);
  return result.status ?? 1;
}

function packages() {
  const inside = (group) => readdirSync(join(root, group)).map((name) => join(root, group, name));
  const folders = [
    ...inside("packages"),
    ...inside("apps"),
    join(root, "scripts"),
    join(root, "benchmarks"),
    join(root, "examples"),
  ];
  return folders.filter((folder) => existsSync(join(folder, "package.json")));
}

function resultsOf(folder) {
  return join(folder, "dist", "test-results.json");
}

/** A package that has tests and left no results counts as one failure. */
function sumOfResults() {
  let passed = 0;
  let failed = 0;
  for (const folder of packages()) {
    const scripts = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).scripts ?? {};
    if (scripts.test === undefined) continue;
    if (!existsSync(resultsOf(folder))) {
      console.error(`error: ${folder} left no test results`);
      failed++;
      continue;
    }
    const results = JSON.parse(readFileSync(resultsOf(folder), "utf8"));
    passed += results.numPassedTests;
    failed += results.numFailedTests + (results.numFailedTests === 0 && !results.success ? 1 : 0);
  }
  return { passed, failed };
}
