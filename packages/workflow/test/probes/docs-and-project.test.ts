import { expect, test } from "vitest";
import { probeDocs } from "../../src/probes/built-in/docs.ts";
import { probeOpenTasks } from "../../src/probes/built-in/open-tasks.ts";
import { probeProject } from "../../src/probes/built-in/project.ts";
import type { Survey } from "../../src/probes/built-in/survey.ts";
import { surveyOf } from "./survey-of.ts";

const README = "# It\n\nWhat it is.\n\n## Usage\n\nUse it.\n";

test("links that lead to no file are told with their lines, all others are left alone", async () => {
  const page = [
    "---\ntitle: [x](none.md)\n---",
    "[there](guide.md) [folder](sub) [shorter](sub/page) [made](sub/page.html) [decoded](a%20b.md#part)",
    "[gone](none.md) ![picture](none.png)",
    "`[code](none.md)` [site](https://example.org/none) [mail](mailto:a@b.c) [part](#part) [root](/none.md)",
    "[hub](../../issues) [template]({{ url }}) [alias](@/none.md)",
    '<a href="none.html">x</a> <!-- <a href="none2.html"> -->',
    "[late][ref]\n\n[ref]: late.md\n",
    "```\n[fenced](none.md)\n```",
  ].join("\n");
  const survey = surveyOf({
    "docs/page.md": page,
    "docs/guide.md": "",
    "docs/sub/page.md": "",
    "docs/a b.md": "",
    "README.md": README,
  });
  const { gaps } = await probeDocs(survey, () => undefined);
  expect(gaps.flatMap(({ evidence = [] }) => evidence.map(({ line, text }) => `${line} ${text}`))).toEqual([
    "5 none.md",
    "5 none.png",
    "8 none.html",
    "9 late.md",
  ]);
});

test.each([
  ["no README", { "a.js": "" }, ["There is no README"]],
  ["an empty one", { "README.md": "# It\n" }, ["README.md has fewer than three lines"]],
  ["one that says how to use it", { "README.md": README, "package.json": "{}" }, []],
  [
    "one that does not",
    { "README.md": "# It\n\na\n\nb\n", "package.json": "{}" },
    ["README.md has no section on installing or using it"],
  ],
  [
    "a package without one",
    { "README.md": README, "packages/a/package.json": '{"name": "a", "version": "1.0.0"}' },
    ["The package a has no README"],
  ],
  [
    "a private one",
    { "README.md": README, "packages/a/package.json": '{"name": "a", "version": "1.0.0", "private": true}' },
    [],
  ],
  [
    "an entry that no page names",
    {
      "README.md": `${README}\np/named`,
      "package.json":
        '{"name": "p", "version": "1.0.0", "exports": {".": "./a.js", "./named": "./b.js", "./not": "./c.js", "./*": "./*", "./package.json": "./package.json"}}',
    },
    ["No page names p/not"],
  ],
])("documentation with %s", async (_, files, titles) => {
  expect(await titlesOf(probeDocs, files)).toEqual(titles);
});

test.each([
  ["nothing", { "a.js": "", LICENSE: "" }, ["No continuous integration is set up"]],
  [
    "a workflow that tests",
    { "a.js": "", LICENSE: "", "a.test.js": "test(", ".github/workflows/ci.yml": "run: npm test" },
    [],
  ],
  [
    "a workflow that does not",
    { "a.js": "", LICENSE: "", "a.test.js": "test(", ".github/workflows/pages.yml": "run: deploy # test" },
    ["There are tests, and continuous integration runs none of them"],
  ],
  [
    "tests and no command for them",
    {
      "a.test.js": "test('a', f)",
      LICENSE: "",
      "package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}',
      ".gitlab-ci.yml": "test",
    },
    ["package.json has no test command, and there are tests"],
  ],
  ["no licence", { "a.py": "", ".travis.yml": "script: tox" }, ["There is no licence file"]],
  ["only texts", { "a.md": "" }, []],
])("a project with %s", async (_, files, titles) => {
  expect(await titlesOf(probeProject, files)).toEqual(titles);
});

test("pages that are made to keep a reader busy are read to their end", async () => {
  const many = (text: string) => text.repeat(200_000);
  const pages = { "a.md": `<div>${many("<a ")}</div>`, "b.md": `<div>${many("<!--")}</div>` };
  const readme = `# It\n\n${"<h1 \n".repeat(100_000)}${many("\n")}x`;
  const { facts } = await probeDocs(surveyOf({ ...pages, "README.md": readme, "package.json": "{}" }), () => undefined);
  expect(facts).toEqual({ pages: 3, links: 0 });
});

test("open tasks of a live spec are named by their ids, errors of its file are a gap of their own", async () => {
  const text =
    "# Tasks\n\n- [x] T001 done\n- [ ] T002 open\n  Dependencies: T003\n- [ ] T003 open too\n  Dependencies: T002\n";
  const { gaps } = await probeOpenTasks(
    surveyOf({ "specs/001-a/agent-tasks/layered-tasks.md": text }),
    () => undefined,
  );
  expect(gaps.map(({ severity, spec, tasks }) => ({ severity, spec, tasks }))).toEqual([
    { severity: "high", spec: undefined, tasks: [expect.stringContaining("layered-tasks.md")] },
    { severity: "medium", spec: "001-a", tasks: ["T002", "T003"] },
  ]);
});

async function titlesOf(
  probe: (survey: Survey, progress: () => void) => Promise<{ readonly gaps: readonly { readonly title: string }[] }>,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  return (await probe(surveyOf(files), () => undefined)).gaps.map(({ title }) => title);
}
