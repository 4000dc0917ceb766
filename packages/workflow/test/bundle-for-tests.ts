import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { BUNDLED, PROGRAMS } from "./programs.ts";

const ROOM = join(import.meta.dirname, "..");
const BUNDLE = join(ROOM, "..", "..", "scripts", "bundle-programs.ts");

/** Bundles the present sources of the programs once before all tests of the package; each run has a folder of its own. */
export default function bundleForTests(): () => void {
  const folder = join(ROOM, `dist-test-${process.pid}`);
  const programs = Object.entries(PROGRAMS).map(([name, source]) => `${name}=${join(import.meta.dirname, source)}`);
  execFileSync(process.execPath, ["--conditions=@orchard/source", BUNDLE, folder, ...programs], { stdio: "inherit" });
  process.env[BUNDLED] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
