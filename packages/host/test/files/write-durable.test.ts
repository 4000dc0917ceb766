import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFiles, writeDurable } from "@orchard/host";
import { filesFailingAt, SimulatedDisk, seededRandom } from "@orchard/host/testing";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";

test("the content is replaced, readable by its owner alone, and nothing else stays", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "state");
  await writeDurable(nodeFiles, path, "one");
  await writeDurable(nodeFiles, path, Buffer.from("two"));
  expect(readFileSync(path, "utf8")).toBe("two");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder.path)).toEqual(["state"]);
});

test("a link at the path is replaced, what it points to is left alone", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "other"), "untouched");
  symlinkSync(join(folder.path, "other"), join(folder.path, "state"));
  await writeDurable(nodeFiles, join(folder.path, "state"), "new");
  expect(readFileSync(join(folder.path, "other"), "utf8")).toBe("untouched");
});

test.each(["EIO", "ENOSPC", "EACCES", "EMFILE", "EPERM", "EBUSY", { short: 1 }])(
  "whichever call fails with %j: the old content or the new, and the next write works",
  async (fault) => {
    for (let k = 1; ; k += 1) {
      using folder = temporaryFolder();
      const path = join(folder.path, "state");
      writeFileSync(path, "old");
      const { files, calls } = filesFailingAt(nodeFiles, k, fault);
      const failed = await writeDurable(files, path, "new").then(
        () => false,
        () => true,
      );
      expect(["old", "new"]).toContain(readFileSync(path, "utf8"));
      if (!failed) expect(readFileSync(path, "utf8")).toBe("new");
      await writeDurable(nodeFiles, path, "next");
      expect(readFileSync(path, "utf8")).toBe("next");
      if (calls() < k) break;
    }
  },
);

test("after a power cut the content is what was acknowledged, or later; never torn", async () => {
  expect(await cuts((files, path, content) => writeDurable(files, path, content))).toBe(0);
});

test("negative control: without the sync of the folder acknowledged contents vanish", async () => {
  const lost = await cuts((files, path, content) =>
    writeDurable({ ...files, syncFolder: async () => undefined }, path, content),
  );
  expect(lost).toBeGreaterThan(10);
});

test("a folder in the way is an error, not a target", async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "state"));
  await expect(writeDurable(nodeFiles, join(folder.path, "state"), "new")).rejects.toThrow();
  expect(readdirSync(folder.path)).toEqual(["state"]);
});

/** How many of 200 power cuts lose what was acknowledged. */
async function cuts(write: (files: typeof nodeFiles, path: string, content: string) => Promise<void>): Promise<number> {
  let lost = 0;
  for (let seed = 0; seed < 200; seed += 1) {
    const disk = new SimulatedDisk(seededRandom(seed));
    await write(disk.files(), "/state", "one ".repeat(50));
    await write(disk.files(), "/state", "two ".repeat(50));
    disk.cutPower();
    if (disk.find("/state")?.content().toString() !== "two ".repeat(50)) lost += 1;
  }
  return lost;
}
