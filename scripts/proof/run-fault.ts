import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "./faults.ts";

/** What came of a fault's suites. */
export interface FaultResult {
  readonly fault: Fault;
  /** Times the fault was caused, as the tests count them; a test that counts nothing is one. */
  readonly tried: number;
  /** Names of tests in which a promise was broken, or that could not be run to their end. */
  readonly broken: readonly string[];
  /** Unsafe variants that the same checks caught, and how many there are. */
  readonly controls: { readonly caught: number; readonly of: number };
  /** Names of tests that do not run on this machine. */
  readonly skipped: readonly string[];
  readonly ms: number;
}

/** A test of an unsafe variant: it passes when the check sees the damage. */
const CONTROL = /^(negative )?control\b|^without its rule/i;

/** Runs the long form of the suites of one fault; `root` is the project's. */
export async function runFault(root: string, fault: Fault): Promise<FaultResult> {
  const began = performance.now();
  const tests: SuiteTest[] = [];
  for (const suite of fault.suites) tests.push(...(await runSuite(root, suite)));
  return summedUp(fault, tests, performance.now() - began);
}

/** What one test of a suite came to. */
export interface SuiteTest {
  readonly title: string;
  readonly status: "passed" | "failed" | "skipped";
  /** `tried`: how often the test caused the fault, by `task.meta`. */
  readonly meta?: { readonly tried?: number };
}

/** Counts what the tests of a fault came to; `ms` is what they took. */
export function summedUp(fault: Fault, tests: readonly SuiteTest[], ms: number): FaultResult {
  const isControl = ({ title }: SuiteTest) => CONTROL.test(title);
  const controls = tests.filter(isControl);
  const others = tests.filter((test) => !isControl(test) && test.status !== "skipped");
  return {
    fault,
    tried: others.reduce((sum, { meta }) => sum + (meta?.tried ?? 1), 0),
    broken: tests.filter(({ status }) => status === "failed").map(({ title }) => title),
    controls: { caught: controls.filter(({ status }) => status === "passed").length, of: controls.length },
    skipped: tests.filter(({ status }) => status === "skipped").map(({ title }) => title),
    ms,
  };
}

async function runSuite(root: string, suite: string): Promise<readonly SuiteTest[]> {
  const [folder = "", file = ""] = suite.split(/(?<=^[^/]+\/[^/]+)\//);
  const out = await mkdtemp(join(tmpdir(), "orchard-proof-"));
  try {
    const report = join(out, "report.json");
    const env = { ...process.env, ORCHARD_LONG: "1", ORCHARD_TEST_RESULTS: report };
    const child = spawn("vitest", ["run", file], {
      cwd: join(root, folder),
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
    return existsSync(report) ? resultsIn(JSON.parse(readFileSync(report, "utf8")) as Report, suite) : [failed(suite)];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly meta?: { readonly tried?: number };
    }[];
  }[];
}

/** A file that failed before or after its tests counts as a test of its name. */
function resultsIn({ testResults }: Report, suite: string): readonly SuiteTest[] {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults).map(resultOf);
  const isWhole = testResults.length > 0 && testResults.every(({ status }) => status === "passed");
  return isWhole || tests.some(({ status }) => status === "failed") ? tests : [...tests, failed(suite)];
}

function failed(suite: string): SuiteTest {
  return { title: suite, status: "failed" };
}

function resultOf({ title, status, meta }: Report["testResults"][number]["assertionResults"][number]): SuiteTest {
  const known = status === "passed" || status === "failed" ? status : "skipped";
  return { title, status: known, ...(meta === undefined ? {} : { meta }) };
}
