import type { ProbeResult } from "../probe-result.ts";
import { counted, type FoundGap, gapId, oneLine, resultOf } from "./found-gap.ts";
import { linkTarget } from "./link-target.ts";
import { asRecord, readManifests, readPackageJson } from "./manifests.ts";
import type { Progress } from "./run-built-in-probe.ts";
import { readEach, type Survey } from "./survey.ts";
import { extensionOf } from "./text/languages.ts";
import { linksIn } from "./text/links.ts";

const PROBE = "docs";
const README = /^readme(?:\.[a-z]+)?$/i;

/** What people cannot find in the documentation: links that lead nowhere, a README that is missing or says too little. */
export async function probeDocs(survey: Survey, progress: Progress): Promise<ProbeResult> {
  const pages = survey.files.filter(({ own, path }) => own && /^(?:md|mdx|markdown)$/.test(extensionOf(path)));
  const gaps: FoundGap[] = [];
  const said: string[] = [];
  let links = 0;
  for await (const { file, text } of readEach(survey, pages, progress)) {
    said.push(text);
    const found = linksIn(text);
    links += found.length;
    const broken = found.filter(({ target }) => linkTarget(survey, file.path, target) === "missing");
    if (broken.length > 0) gaps.push(brokenLinks(file.path, broken));
  }
  gaps.push(...(await readmeGaps(survey)), ...(await packageGaps(survey, said)));
  const summary = `${counted(pages.length, "page")} with ${counted(links, "link")}; ${gaps.length === 0 ? "nothing is missing" : counted(gaps.length, "gap")}.`;
  return resultOf(PROBE, summary, gaps, { pages: pages.length, links });
}

function brokenLinks(path: string, broken: ReturnType<typeof linksIn>): FoundGap {
  return {
    id: gapId(PROBE, `links ${path}`),
    title: `${counted(broken.length, "link")} in ${oneLine(path, 150)} ${broken.length === 1 ? "leads" : "lead"} to no file`,
    severity: "medium",
    files: [path],
    tasks: broken.slice(0, 100).map(({ line, target }) => `${path}:${line} mend the link to ${oneLine(target)}`),
    evidence: broken.slice(0, 100).map(({ line, target }) => ({ file: path, line, text: oneLine(target) })),
  };
}

async function readmeGaps(survey: Survey): Promise<readonly FoundGap[]> {
  const readme = survey.files.find(
    ({ path }) => README.test(path) || /^(?:docs|\.github)\/readme\.[a-z]+$/i.test(path),
  );
  if (readme === undefined) {
    const what = "Write a README: what this is, how to install it, how to use it";
    return [
      { id: `${PROBE}.no-readme`, title: "There is no README", severity: "high", files: ["README.md"], tasks: [what] },
    ];
  }
  const text = (await survey.text(readme.path)) ?? "";
  if (text.trim() === "" || text.split("\n").filter((line) => line.trim() !== "").length < 3) {
    const what = "Say what this is, how to install it and how to use it";
    return [
      {
        id: `${PROBE}.readme-empty`,
        title: `${readme.path} has fewer than three lines`,
        severity: "medium",
        files: [readme.path],
        tasks: [what],
      },
    ];
  }
  const { all } = await readManifests(survey);
  const isProject = all.some((path) => !path.includes("/"));
  return isProject && !SAYS_HOW.test(text)
    ? [
        {
          id: `${PROBE}.readme-usage`,
          title: `${readme.path} has no section on installing or using it`,
          severity: "low",
          files: [readme.path],
          tasks: [`Say in ${readme.path} how to install and how to use it`],
        },
      ]
    : [];
}

/** A heading (of Markdown, reStructuredText or HTML) about it, or a command that installs. */
const SAYS_HOW =
  /^(?:#{1,6}|<h[1-6][^<>]*>|)[^\S\n]*[^\n]{0,40}\b(?:install\w*|set-?up|getting started|quick ?start|usage|how to use|use|using|examples?|synopsis|api|documentation|docs|run(?:ning)?|tutorial|guide)\b[^\n]{0,40}$|\b(?:npm (?:i|install)|pnpm add|yarn add|pip install|go get|go install|cargo (?:add|install)|brew install|npx|docker (?:run|pull))\b/im;

/** Packages and entries of packages for others, of which no page says a word. */
async function packageGaps(survey: Survey, pages: readonly string[]): Promise<readonly FoundGap[]> {
  const manifests = survey.files.filter(
    ({ own, path }) => own && /(?:^|\/)package\.json$/.test(path) && !ASIDE.test(path),
  );
  const gaps: FoundGap[] = [];
  const whole = once(() => pages.join("\n"));
  for (const { path } of manifests) {
    const manifest = await readPackageJson(survey, path);
    if (manifest?.name === undefined || manifest.isPrivate || manifest.entries["version"] === undefined) continue;
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const hasReadme = ["README.md", "readme.md", "Readme.md", "README", "README.rst", "README.mdx"].some((name) =>
      survey.has(`${folder}${name}`),
    );
    if (folder !== "" && !hasReadme) gaps.push(noPackageReadme(folder, manifest.name));
    const missing = entriesOf(manifest.name, manifest.entries).filter((name) => !whole().includes(name));
    if (missing.length > 0) gaps.push(undocumented(path, missing));
  }
  return gaps;
}

const ASIDE =
  /(?:^|\/)(?:test|tests|__tests__|fixtures?|__fixtures__|examples?|demos?|templates?|benchmarks?|playground)\//;

function noPackageReadme(folder: string, name: string): FoundGap {
  return {
    id: gapId(PROBE, `readme ${folder}`),
    title: `The package ${oneLine(name, 100)} has no README`,
    severity: "low",
    files: [`${folder}README.md`],
    tasks: [`Write ${folder}README.md: what ${oneLine(name, 100)} is and how to use it`],
  };
}

/** The names under which others import and call it, as written: no patterns, and not the package itself. */
function entriesOf(name: string, entries: Readonly<Record<string, unknown>>): readonly string[] {
  const exported = Object.keys(asRecord(entries["exports"]) ?? {}).filter(
    (key) => /^\.\/[^*]+$/.test(key) && !/\.(?:json|css|d\.ts)$/.test(key),
  );
  const programs = Object.keys(asRecord(entries["bin"]) ?? {});
  return [...exported.map((key) => `${name}/${key.slice(2)}`), ...programs];
}

function undocumented(path: string, names: readonly string[]): FoundGap {
  const some = names
    .slice(0, 3)
    .map((name) => oneLine(name, 60))
    .join(", ");
  return {
    id: gapId(PROBE, `entries ${path}`),
    title: `No page names ${some}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`,
    severity: "low",
    files: [path],
    tasks: names.slice(0, 100).map((name) => `Say what ${oneLine(name, 100)} is for`),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
