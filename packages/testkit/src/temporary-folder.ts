import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder (real path) that disappears when its scope ends: `using folder = temporaryFolder()`. */
export function temporaryFolder(name = "orchard test"): { readonly path: string } & Disposable {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}
