import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { plainText } from "../../src/repository/plain-text.ts";

test("a plain file is read, of a very large one the end; a pipe, a device, a folder and nothing are empty", async () => {
  using folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  writeFileSync(at("plain"), "líne\n");
  writeFileSync(at("large"), "");
  truncateSync(at("large"), (64 << 20) + 5);
  writeFileSync(at("large"), "newest\n", { flag: "a" });
  execFileSync("mkfifo", [at("pipe")]);
  symlinkSync("/dev/zero", at("device"));
  mkdirSync(at("folder"));
  expect(await plainText(at("plain"))).toBe("líne\n");
  expect(await plainText(at("plain"), "latin1")).toBe(Buffer.from("líne\n").toString("latin1"));
  const large = await plainText(at("large"), "latin1");
  expect([large.length, large.endsWith("newest\n")]).toEqual([64 << 20, true]);
  for (const name of ["pipe", "device", "folder", "none"]) expect(await plainText(at(name))).toBe("");
});
