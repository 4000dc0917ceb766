import MarkdownIt, { type MarkdownIt as Parser, type Token } from "markdown-it";

export interface Link {
  readonly line: number;
  /** As written, decoded. */
  readonly target: string;
}

/** The links and images of a Markdown text, also those in HTML, with the line of the paragraph that they are in. */
export function linksIn(text: string): readonly Link[] {
  const body = withoutFrontMatter(text);
  return parser()
    .parse(body, {})
    .flatMap((token) => ofBlock(token, token.map?.[0] ?? 0));
}

let made: Parser | undefined;

function parser(): Parser {
  if (made === undefined) {
    made = new MarkdownIt({ html: true, linkify: false });
    made.validateLink = () => true;
    made.normalizeLink = (url) => url;
  }
  return made;
}

/** Keeps the lines, so that those below keep their numbers. */
function withoutFrontMatter(text: string): string {
  const found = /^---\n[\s\S]*?\n---\n/.exec(text);
  return found === null ? text : `${found[0].replace(/[^\n]/g, "")}${text.slice(found[0].length)}`;
}

function ofBlock(token: Token, start: number): readonly Link[] {
  if (token.type === "html_block") return ofHtml(token.content, start + 1);
  let line = start + 1;
  const found: Link[] = [];
  for (const child of token.children ?? []) {
    if (child.type === "softbreak" || child.type === "hardbreak") line++;
    else if (child.type === "link_open") found.push(...link(child.attrGet("href"), line));
    else if (child.type === "image") found.push(...link(child.attrGet("src"), line));
    else if (child.type === "html_inline") found.push(...ofHtml(child.content, line));
  }
  return found;
}

function ofHtml(html: string, start: number): readonly Link[] {
  const visible = html.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, " "));
  let [at, line] = [0, start];
  return [...visible.matchAll(LINK)].flatMap((match) => {
    for (; at < match.index; at++) if (visible[at] === "\n") line++;
    return link(match[1] ?? match[2] ?? null, line);
  });
}

/** One that nothing closes hides all that follows. */
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
/** A tag ends before the next one begins: else each `<a` of a text without `>` would have all the rest read. */
const LINK = /<(?:a|img)\b[^<>]*?\s(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

function link(target: string | number | null, line: number): readonly Link[] {
  return target === null || target === "" ? [] : [{ line, target: String(target) }];
}
