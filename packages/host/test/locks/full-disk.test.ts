import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";

const TAKER = join(import.meta.dirname, "..", "support", "lock-taker.ts");

test("who cannot write who it is takes no lock, and leaves nothing", () => {
  using folder = temporaryFolder();
  const { status, stderr } = takenWith("ulimit -f 0", join(folder.path, "a.lock"));
  expect(status).not.toBe(0);
  expect(stderr).toContain("EFBIG");
  expect(readdirSync(folder.path)).toEqual([]);
});

test("control: the same process may take it where files can be written", () => {
  using folder = temporaryFolder();
  const { status, stdout } = takenWith("true", join(folder.path, "a.lock"));
  expect([status, stdout]).toEqual([0, "given back\n"]);
});

/** A process whose files may not grow stands for a full disk: they are made, and stay empty. */
function takenWith(before: string, path: string) {
  const line = `${before}; exec "$0" --conditions=@orchard/source "$@"`;
  return spawnSync("sh", ["-c", line, process.execPath, TAKER, "ours", "once", path], { encoding: "utf8" });
}
