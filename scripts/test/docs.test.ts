import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { readHouse } from "../house/read-house.ts";

const root = join(import.meta.dirname, "../..");
const pages = globSync(["*.md", "docs/**/*.md", "packages/*/*.md", "apps/*/*.md", "scripts/*.md", "benchmarks/*.md"], {
  cwd: root,
}).filter((path) => !path.endsWith("CHANGELOG.md"));

test("every link from one page to another file leads somewhere", () => {
  const broken = pages.flatMap((page) =>
    linksOf(readFileSync(join(root, page), "utf8"))
      .filter((link) => !existsSync(join(root, dirname(page), link)))
      .map((link) => `${page} → ${link}`),
  );
  expect(broken).toEqual([]);
});

test("every room has a README that says what it never does, and is named in ARCHITECTURE.md", () => {
  const architecture = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  for (const { name, folder } of readHouse(root).values()) {
    const readme = join(root, folder, "README.md");
    expect(existsSync(readme), `${folder}/README.md`).toBe(true);
    expect(readFileSync(readme, "utf8"), `${folder}/README.md`).toMatch(/never/i);
    expect(architecture).toContain(`| ${name} |`);
  }
});

test("decision records are numbered once each and say what was decided and why", () => {
  const records = readdirSync(join(root, "docs/decisions"));
  const numbers = records.map((name) => name.slice(0, 4));
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const name of records) {
    const text = readFileSync(join(root, "docs/decisions", name), "utf8");
    expect(name).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
    expect(text, name).toMatch(new RegExp(`^# ${name.slice(0, 4)}: `));
    for (const heading of ["## Decision", "## Why"]) expect(text, name).toContain(heading);
  }
});

test("the example of a broken link is found", () => {
  expect(linksOf("[a](b.md) [c](https://x.y) [d](e/f.ts#part) ![g](h.png) [i](#here) `[j](k)`")).toEqual([
    "b.md",
    "e/f.ts",
    "h.png",
  ]);
});

function linksOf(text: string): readonly string[] {
  const prose = text.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target.split("#")[0] ?? "");
  return targets.filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}
