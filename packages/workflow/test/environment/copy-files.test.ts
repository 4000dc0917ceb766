import {
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { type CopyRequest, copyFiles } from "../../src/environment/copy-files.ts";

function places() {
  const folder = temporaryFolder();
  const [from, to, staging, outside] = ["from", "to there", "staging", "outside"].map((name) => {
    mkdirSync(join(folder.path, name));
    return join(folder.path, name);
  }) as [string, string, string, string];
  const write = (path: string, text: string) => {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  };
  const copy = (files: readonly string[], change: Partial<CopyRequest> = {}) =>
    copyFiles({
      from,
      to,
      files,
      staging,
      existing: "keep",
      signal: new AbortController().signal,
      announce: async () => undefined,
      ...change,
    });
  return { from, to, staging, outside, write, copy, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("files come with their modes and times, links as links, and nothing stays behind in the staging folder", async () => {
  using p = places();
  p.write(join(p.from, "bin/deep/tool"), "#!/bin/sh\n");
  chmodSync(join(p.from, "bin/deep/tool"), 0o755);
  utimesSync(join(p.from, "bin/deep/tool"), 1_000_000, 1_000_000);
  symlinkSync("deep/tool", join(p.from, "bin/link"));
  symlinkSync("nowhere", join(p.from, "dangling"));
  const copied = await p.copy(["bin/deep/tool", "bin/link", "dangling", "went away"]);
  expect(copied).toMatchObject({ files: 3, bytes: 10, leftOut: [] });
  const tool = lstatSync(join(p.to, "bin/deep/tool"));
  expect([tool.mode & 0o777, tool.mtimeMs]).toEqual([0o755, 1_000_000_000]);
  expect([readlinkSync(join(p.to, "bin/link")), readlinkSync(join(p.to, "dangling"))]).toEqual([
    "deep/tool",
    "nowhere",
  ]);
  expect(readdirSync(p.staging)).toEqual([]);
});

test("a copy is never the same file as the original", async () => {
  using p = places();
  p.write(join(p.from, "a"), "original\n");
  linkSync(join(p.from, "a"), join(p.from, "hard"));
  await p.copy(["a", "hard"]);
  writeFileSync(join(p.to, "a"), "changed in the worktree\n");
  expect([readFileSync(join(p.from, "a"), "utf8"), readFileSync(join(p.to, "hard"), "utf8")]).toEqual([
    "original\n",
    "original\n",
  ]);
});

test("nothing is written through a link that stands in the way, and nothing over a folder", async () => {
  using p = places();
  for (const path of ["cache/x", "deep/er/y", "z"]) p.write(join(p.from, path), "ours\n");
  symlinkSync(p.outside, join(p.to, "cache"));
  mkdirSync(join(p.to, "deep"));
  symlinkSync(p.outside, join(p.to, "deep/er"));
  mkdirSync(join(p.to, "z"));
  const { files, leftOut } = await p.copy(["cache/x", "deep/er/y", "z"], { existing: "replace" });
  expect([files, leftOut.map(({ path }) => path).sort(), readdirSync(p.outside)]).toEqual([
    0,
    ["cache/x", "deep/er/y", "z"],
    [],
  ]);
});

test("control: a plain copy writes through that link", () => {
  using p = places();
  p.write(join(p.from, "cache/x"), "ours\n");
  symlinkSync(p.outside, join(p.to, "cache"));
  cpSync(join(p.from, "cache/x"), join(p.to, "cache/x"));
  expect(readdirSync(p.outside)).toEqual(["x"]);
});

test.each([
  ["/etc/hostname", true],
  ["../outside/x", true],
  ["..", true],
  ["sub/../../outside", true],
  ["through/x", true],
  ["sub/../inside", false],
])("a link to %s: left out %s", async (target, isLeftOut) => {
  using p = places();
  p.write(join(p.from, "inside"), "i\n");
  p.write(join(p.outside, "x"), "secret\n");
  mkdirSync(join(p.from, "sub"));
  symlinkSync(p.outside, join(p.from, "through"));
  symlinkSync(target, join(p.from, "link"));
  const { leftOut } = await p.copy(["link"]);
  expect([leftOut.length === 1, lstatSync(join(p.to, "link"), { throwIfNoEntry: false }) !== undefined]).toEqual([
    isLeftOut,
    !isLeftOut,
  ]);
});

test("what is there already is kept, or replaced where it differs, as asked", async () => {
  using p = places();
  p.write(join(p.from, "a"), "new\n");
  writeFileSync(join(p.to, "a"), "there before\n");
  await p.copy(["a"]);
  expect(readFileSync(join(p.to, "a"), "utf8")).toBe("there before\n");
  await p.copy(["a"], { existing: "replace" });
  expect(readFileSync(join(p.to, "a"), "utf8")).toBe("new\n");
});

test("when there is no room nothing is written; interrupted, the same call goes on later", async () => {
  using p = places();
  const files = Array.from({ length: 30 }, (_, at) => `many/${at}`);
  for (const file of files) p.write(join(p.from, file), `${file}\n`);
  const sizes: unknown[] = [];
  const refuses = async (size: unknown) => {
    sizes.push(size);
    throw new Error("no room");
  };
  await expect(p.copy(files, { announce: refuses })).rejects.toThrow("no room");
  expect([sizes, readdirSync(p.to), readdirSync(p.staging)]).toEqual([
    [{ bytes: 230, cloned: expect.any(Boolean) }],
    [],
    [],
  ]);
  expect((await p.copy(files, { signal: AbortSignal.abort() })).files).toBe(0);
  expect(await p.copy(files)).toMatchObject({ files: 30, leftOut: [] });
});
