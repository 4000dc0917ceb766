import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDurable, nodeFiles } from "@orchard/host";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";

test("of many that make a file one has made it, and nothing else stays", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "claim");
  const made = await Promise.all(Array.from({ length: 8 }, (_, at) => createDurable(nodeFiles, path, `${at}`)));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(readFileSync(path, "utf8")).toBe(String(made.indexOf(true)));
  expect([statSync(path).mode & 0o777, readdirSync(folder.path)]).toEqual([0o600, ["claim"]]);
});

test("what is there, a link to nowhere too, is left as it is", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "file"), "before");
  symlinkSync("nowhere", join(folder.path, "link"));
  for (const name of ["file", "link"]) expect(await createDurable(nodeFiles, join(folder.path, name), "x")).toBe(false);
  expect(readFileSync(join(folder.path, "file"), "utf8")).toBe("before");
  expect(readdirSync(folder.path).sort()).toEqual(["file", "link"]);
});
