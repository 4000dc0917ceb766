import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memoryFolder } from "../../src/conflicts/memory-folder.ts";

test("a folder in memory is this user's alone and gone afterwards, and there is none for more than fits", async () => {
  const now = Date.now();
  expect(await memoryFolder(2 ** 40, now)).toBeUndefined();
  const one = await memoryFolder(1, now);
  if (one === undefined) return; // this system has no such place: the disk is used
  writeFileSync(join(one.path, "file"), "content");
  expect(statSync(one.path).mode & 0o777).toBe(0o700);
  await one[Symbol.asyncDispose]();
  expect(existsSync(one.path)).toBe(false);
});

test("what a killed process left in memory goes with a later comparison, and what is in use stays", async () => {
  const now = Date.now();
  await using used = await memoryFolder(1, now);
  if (used === undefined) return;
  const later = await memoryFolder(1, now + 30 * 60_000);
  expect(existsSync(used.path)).toBe(true);
  await later?.[Symbol.asyncDispose]();
});
