import { posix } from "node:path";
import type { Survey } from "./survey.ts";

/**
 * Where a link of the page `from` leads: to a file or folder of the commit (`there`), to none (`missing`), or to somewhere
 * that cannot be told from the commit alone (`elsewhere`: another site, the site's root, what a template puts in).
 */
export function linkTarget(survey: Survey, from: string, target: string): "there" | "missing" | "elsewhere" {
  const plain = decoded(target.trim().replace(/[?#].*$/s, ""));
  if (plain === undefined || plain === "" || IS_ELSEWHERE.test(plain)) return "elsewhere";
  const path = posix.normalize(posix.join(posix.dirname(from), plain)).replace(/\/$/, "");
  // A page of GitHub's may link to what is beside the repository: ../../issues.
  if (path === ".." || path.startsWith("../")) return "elsewhere";
  const place = path === "." ? "" : path;
  if (isBehindALink(survey, place)) return "elsewhere";
  return candidates(place).some((each) => survey.has(each) || survey.hasFolder(each)) ? "there" : "missing";
}

/** A part of the way is no folder of the commit: a link, or a repository of its own. */
function isBehindALink(survey: Survey, path: string): boolean {
  for (let end = path.indexOf("/"); end > 0; end = path.indexOf("/", end + 1)) {
    if (survey.has(path.slice(0, end))) return true;
  }
  return false;
}

/** A scheme, another host, the root of a site, an alias of a bundler or a template's mark. */
const IS_ELSEWHERE = /^[a-z][a-z0-9+.-]*:|^\/|^[@~$]|[{}<>*|\\]|\$\(|%[A-Z_]+%/i;

/** As documentation sites resolve them: without extension, as the page that a folder has, `.html` for `.md`. */
function candidates(path: string): readonly string[] {
  const stem = path.replace(/\.html?$/, "");
  const pages = [".md", ".mdx", ".markdown", ".rst", ".html", "/index.md", "/index.mdx", "/README.md", "/index.html"];
  return [path, ...(stem === path && /\.[a-z0-9]{1,5}$/i.test(path) ? [] : pages.map((page) => `${stem}${page}`))];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
