import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type FileSystem, nodeFiles, readWhole } from "@orchard/host";
import { SimulatedDisk, seededRandom } from "@orchard/host/testing";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";

/** What the real files and the simulated disk both do. */
function fileSystemContract(name: string, make: () => { files: FileSystem; folder: string } & Disposable): void {
  const check = (promise: string, body: (files: FileSystem, folder: string) => Promise<void>) =>
    test(`${name}: ${promise}`, async () => {
      using made = make();
      await body(made.files, made.folder);
    });

  check("what is not there is not opened, and opening to append makes nothing", async (files, folder) => {
    for (const mode of ["read", "append"] as const) {
      await expect(files.open(join(folder, "a"), mode)).rejects.toMatchObject({ code: "ENOENT" });
    }
    expect(await files.readFolder(folder)).toEqual([]);
    expect(await files.stat(join(folder, "a"))).toBeUndefined();
    expect(await readWhole(files, join(folder, "a"))).toBeUndefined();
  });

  check("what is there is not made", async (files, folder) => {
    await (await files.open(join(folder, "a"), "create")).close();
    await expect(files.open(join(folder, "a"), "create")).rejects.toMatchObject({ code: "EEXIST" });
  });

  check("two that append write behind each other, and both read all", async (files, folder) => {
    const path = join(folder, "a");
    const first = await files.open(path, "create");
    const second = await files.open(path, "append");
    for (const [file, text] of [
      [first, "1"],
      [second, "22"],
      [first, "3"],
    ] as const) {
      expect(await file.write(Buffer.from(text))).toBe(text.length);
    }
    const into = Buffer.alloc(9);
    expect(await second.read(into, 1)).toBe(3);
    expect(into.toString("utf8", 0, 3)).toBe("223");
    expect(await second.read(into, 4)).toBe(0);
    expect((await first.stat()).size).toBe(4);
    await first.close();
    await second.close();
  });

  check("an open file stays the same file when its name goes to another", async (files, folder) => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    const file = await files.open(a, "create");
    await file.write(Buffer.from("old"));
    const other = await files.open(b, "create");
    await files.rename(b, a);
    expect((await files.stat(a))?.ino).toBe((await other.stat()).ino);
    expect((await file.stat()).size).toBe(3);
    expect(await files.readFolder(folder)).toEqual(["a"]);
    await file.close();
    await other.close();
  });

  check("a link is a second name, refused when the name is taken; unlink takes one away", async (files, folder) => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    await (await files.open(a, "create")).close();
    await files.link(a, b);
    await expect(files.link(a, b)).rejects.toMatchObject({ code: "EEXIST" });
    await files.unlink(a);
    await expect(files.unlink(a)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await files.readFolder(folder)).toEqual(["b"]);
  });

  check("a folder is made once", async (files, folder) => {
    expect(await files.makeFolder(join(folder, "f"))).toBe(true);
    expect(await files.makeFolder(join(folder, "f"))).toBe(false);
    await expect(files.makeFolder(join(folder, "x", "y"))).rejects.toMatchObject({ code: "ENOENT" });
    await files.syncFolder(folder);
  });
}

fileSystemContract("node", () => {
  const folder = temporaryFolder();
  return { files: nodeFiles, folder: realpathSync(folder.path), [Symbol.dispose]: () => folder[Symbol.dispose]() };
});

fileSystemContract("simulated", () => ({
  files: new SimulatedDisk(seededRandom(1)).files(),
  folder: "/",
  [Symbol.dispose]: () => undefined,
}));

test("a change in a watched folder is told", async () => {
  using folder = temporaryFolder();
  const told = Promise.withResolvers<void>();
  const { stop } = nodeFiles.watchFolder(folder.path, () => told.resolve());
  const file = await nodeFiles.open(join(folder.path, "a"), "create");
  await file.close();
  await told.promise;
  stop();
  expect(readdirSync(folder.path)).toEqual(["a"]);
});

test.each<[string, (path: string) => void]>([
  ["a pipe that nobody writes into", (path) => execFileSync("mkfifo", [path])],
  ["a folder", (path) => mkdirSync(path)],
  ["a link to itself", (path) => symlinkSync(path, path)],
  ["a link to a device without an end", (path) => symlinkSync("/dev/zero", path)],
])("%s is something, and no file to read", async (_what, make) => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a");
  make(path);
  expect(await readWhole(nodeFiles, path)).toBeUndefined();
  expect((await nodeFiles.stat(path))?.kind).not.toBe("file");
});
