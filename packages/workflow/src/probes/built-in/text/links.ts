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
  const visible = html.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, " "));
  return [...visible.matchAll(/<(?:a|img)\b[^>]*?\s(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].flatMap((match) =>
    link(match[1] ?? match[2] ?? null, start + (visible.slice(0, match.index).match(/\n/g)?.length ?? 0)),
  );
}

function link(target: string | number | null, line: number): readonly Link[] {
  return target === null || target === "" ? [] : [{ line, target: String(target) }];
}
