import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FAULTS } from "../proof/faults.ts";
import { proofTable } from "../proof/proof-table.ts";
import { runFault, summedUp } from "../proof/run-fault.ts";

const root = join(import.meta.dirname, "../..");

test("every suite of dangers proves one fault, and every suite that is named is there", () => {
  const named = FAULTS.flatMap(({ suites }) => suites);
  expect(new Set(named).size).toBe(named.length);
  const dangers = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).flatMap((name) => suitesBelow(`${group}/${name}/test/dangers`)),
  );
  expect(named.filter((path) => path.includes("/dangers/")).sort()).toEqual(dangers.sort());
  expect(new Set(FAULTS.map(({ id }) => id)).size).toBe(FAULTS.length);
});

test("docs/reliability.md names faults that there are, and leaves none out", () => {
  const page = readFileSync(join(root, "docs/reliability.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && line.includes("`"));
  const named = rows.flatMap((row) => [...(row.split("|").at(-2) ?? "").matchAll(/`([a-z-]+)`/g)].map(([, id]) => id));
  const known = FAULTS.map(({ id }) => id);
  expect(named.filter((id) => !known.some((each) => each === id))).toEqual([]);
  expect(known.filter((id) => !named.includes(id))).toEqual([]);
});

test("a fault is told with what was tried, what broke and which unsafe variants were caught", () => {
  const fault = { id: "planted", fault: "a fault", suites: [] };
  const result = summedUp(
    fault,
    [
      { title: "holds", status: "passed", meta: { tried: 12 } },
      { title: "breaks", status: "failed" },
      { title: "negative control: caught", status: "passed" },
      { title: "control: not caught", status: "failed" },
      { title: "cannot be tried here", status: "skipped" },
    ],
    1500,
  );
  expect(result).toMatchObject({ tried: 13, controls: { caught: 1, of: 2 } });
  const [, line, ...rest] = proofTable([result]).split("\n");
  expect(line).toMatch(/^a fault +13 +2 +1 of 2 caught +2 s$/);
  expect(rest).toEqual([
    "BROKEN   planted: breaks",
    "BROKEN   planted: control: not caught",
    "skipped  planted: cannot be tried here",
  ]);
});

test("the suites of a fault are run, each in its package; one that cannot run is broken", async () => {
  const there = "packages/host/test/dangers/pid-reuse.test.ts";
  const gone = "packages/host/test/dangers/no-such-suite.test.ts";
  const result = await runFault(root, { id: "one", fault: "a fault", suites: [there, gone] });
  expect(result.broken).toEqual([gone]);
  expect(result.controls).toEqual({ caught: 1, of: 1 });
  expect(result.tried).toBeGreaterThan(1);
});

function suitesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}
