import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const doctor = join(root, "packages/workflow/src/doctor");
const page = readFileSync(join(root, "docs/guides/recovery.md"), "utf8");

/** Codes as the checks write them; what stands for a word of several is a pattern. */
const written = readdirSync(doctor, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => [...readFileSync(join(doctor, name), "utf8").matchAll(/\bcode: ([^\n]*?)[,;]?(?:\n|, \w+:)/g)])
  .flatMap(([, value = ""]) => value.match(/"[a-z-]+"|`[^`]+`/g) ?? [])
  .map((code) => new RegExp(`^${code.slice(1, -1).replace(/\$\{\w+\}/g, "[a-z]+")}$`));

const table = page.split("\n").filter((line) => line.startsWith("| `"));
const listed = table.flatMap((line) =>
  [...(line.split("|")[1] ?? "").matchAll(/`([a-z-]+)`/g)].map(([, code = ""]) => code),
);

test("recovery.md names every finding of doctor, and no other", () => {
  expect(written.length).toBeGreaterThan(30);
  expect(written.filter((code) => !listed.some((one) => code.test(one)))).toEqual([]);
  expect(listed.filter((one) => !written.some((code) => code.test(one)))).toEqual([]);
});
