import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { rehearseRelease } from "../release/rehearse-release.ts";
import { localRegistry } from "./local-registry.ts";

const root = join(import.meta.dirname, "../..");

test("a release would publish every public package under one version, with every change described", async () => {
  await using empty = await localRegistry([]);
  using stage = temporaryFolder("orchard release");
  const packages = await rehearseRelease(root, stage.path, empty.url);
  const folders = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name, "package.json")),
  );
  const manifests = folders.map(
    (path) => JSON.parse(readFileSync(path, "utf8")) as { name: string; private?: boolean },
  );
  const open = manifests.filter((manifest) => manifest.private !== true).map(({ name }) => name);
  expect(packages.map(({ name }) => name).sort()).toEqual(open.sort());
  expect(new Set(packages.map(({ version }) => version)).size).toBe(1);
  const told = packages.map(({ changes }) => changes).join("\n");
  for (const path of committedChangesets()) expect(told, path).toContain(firstWords(path));
}, 300_000);

function committedChangesets(): readonly string[] {
  const listed = execFileSync("git", ["ls-tree", "--name-only", "HEAD", ".changeset/"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.split("\n").filter((path) => path.endsWith(".md"));
}

function firstWords(path: string): string {
  const text = execFileSync("git", ["show", `HEAD:${path}`], { cwd: root, encoding: "utf8" });
  const [, , body = ""] = text.split(/^---$/m);
  return body.trim().split("\n")[0] ?? "";
}
