/** `npm run release-rehearsal` prints what a release of the last commit would publish. Nothing is changed or sent. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rehearseRelease } from "./release/rehearse-release.ts";

const stage = mkdtempSync(join(tmpdir(), "orchard release "));
try {
  const packages = await rehearseRelease(join(import.meta.dirname, ".."), stage);
  for (const { name, version } of packages) console.log(`${name}@${version}`);
  console.log(`\n${packages.find(({ name }) => name === "@orchard/orch")?.changes ?? "No change is described."}`);
} finally {
  rmSync(stage, { recursive: true, force: true });
}
