import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of `orbit-agent` as it is bundled for this run of the tests. */
    readonly orbitAgent: string;
  }
}

const PACKAGE = join(import.meta.dirname, "..");
const BUNDLE = join(PACKAGE, "..", "..", "scripts", "bundle.ts");
const PREFIX = "dist-test-";

/**
 * Bundles the present sources once before all tests of the package, so that each that they start is quick. Every
 * run has a folder of its own: one that runs at the same time keeps its programs.
 */
export default function bundleForTests(project: TestProject): () => void {
  removeLeftBehind();
  const folder = `${PREFIX}${process.pid}`;
  execFileSync(process.execPath, ["--conditions=@orchard/source", BUNDLE, folder, "--quick"], {
    cwd: PACKAGE,
    stdio: "inherit",
  });
  project.provide("orbitAgent", join(PACKAGE, folder, "orbit-agent.cjs"));
  return () => rmSync(join(PACKAGE, folder), { recursive: true, force: true });
}

/** What runs left behind that were killed. */
function removeLeftBehind(): void {
  const dead = readdirSync(PACKAGE).filter(
    (name) => name.startsWith(PREFIX) && !isAlive(Number(name.slice(PREFIX.length))),
  );
  for (const name of dead) rmSync(join(PACKAGE, name), { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
