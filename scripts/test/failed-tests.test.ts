import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { failedTests, MOST_TESTS } from "../failed-tests.ts";

test("every failed test is named by package, file and name, with the first lines of what it said", () => {
  using place = temporaryFolder();
  const host = planted(place.path, "host", {
    "test/a.test.ts": [
      passed("is fine"),
      failed("a lock is one", "\u001b[31mError: two held it\u001b[39m\n\n    at x:1"),
    ],
    "test/dangers/b.test.ts": [failed("nothing is lost", "Waited 60000 ms for: it.")],
  });
  const kernel = planted(place.path, "kernel", { "test/c.test.ts": [passed("is fine too")] });
  expect(failedTests([kernel, host])).toBe(
    [
      "Failed:",
      "  host › test/a.test.ts › a lock is one",
      "      Error: two held it",
      "          at x:1",
      "  host › test/dangers/b.test.ts › nothing is lost",
      "      Waited 60000 ms for: it.",
      "",
    ].join("\n"),
  );
});

test("a file that could not be run at all is named with its message", () => {
  using place = temporaryFolder();
  const host = planted(place.path, "host", { "test/a.test.ts": [] }, "Cannot find module");
  expect(failedTests([host])).toBe("Failed:\n  host › test/a.test.ts\n      Cannot find module\n");
});

test("nothing is said where nothing failed, or nothing is known", () => {
  using place = temporaryFolder();
  const kernel = planted(place.path, "kernel", { "test/c.test.ts": [passed("is fine")] });
  expect(failedTests([kernel, join(place.path, "never ran")])).toBe("");
});

test("the list stays short: so many tests, few and short lines of each, and the number of the others", () => {
  using place = temporaryFolder();
  const long = Array.from({ length: 100 }, () => "x".repeat(10_000)).join("\n");
  const tests = Array.from({ length: MOST_TESTS + 7 }, (_, index) => failed(`test ${index}`, long));
  const list = failedTests([planted(place.path, "host", { "test/a.test.ts": tests })]);
  expect(list.split("\n").length).toBeLessThan(MOST_TESTS * 10);
  expect(Math.max(...list.split("\n").map((line) => line.length))).toBeLessThan(250);
  expect(list).toMatch(/ {2}… and 7 more\n$/);
});

test("as a command it prints the same list", () => {
  using place = temporaryFolder("a b");
  const host = planted(place.path, "host", { "test/a.test.ts": [failed("it holds", "no")] });
  const script = join(import.meta.dirname, "../failed-tests.ts");
  expect(execFileSync(process.execPath, [script, host], { encoding: "utf8" })).toBe(failedTests([host]));
});

interface PlantedTest {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

function passed(fullName: string): PlantedTest {
  return { fullName, status: "passed", failureMessages: [] };
}

function failed(fullName: string, message: string): PlantedTest {
  return { fullName, status: "failed", failureMessages: [message] };
}

function planted(root: string, name: string, files: Readonly<Record<string, readonly PlantedTest[]>>, message = "") {
  const folder = join(root, name);
  mkdirSync(join(folder, "dist"), { recursive: true });
  const testResults = Object.entries(files).map(([path, assertionResults]) => {
    const isFailed = message !== "" || assertionResults.some(({ status }) => status === "failed");
    return { name: join(folder, path), status: isFailed ? "failed" : "passed", message, assertionResults };
  });
  writeFileSync(join(folder, "dist", "test-results.json"), JSON.stringify({ testResults }));
  return folder;
}
