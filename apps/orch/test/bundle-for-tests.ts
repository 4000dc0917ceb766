import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Bundles the present sources once before all tests of the package, so that each `orch` they start is quick. */
export default function bundleForTests(): void {
  const app = join(import.meta.dirname, "..");
  const bundle = join(app, "..", "..", "scripts", "bundle.ts");
  execFileSync(process.execPath, ["--conditions=@orchard/source", bundle, "dist-test"], { cwd: app, stdio: "inherit" });
}
