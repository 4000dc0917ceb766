/** A generated part of a page stands between `<!-- name:begin … -->` and `<!-- name:end -->`. */
export function findPart(page: string, name: string): string | undefined {
  return markers(page, name)?.part;
}

/** `page` with that part replaced. Throws when it has no such part. */
export function withPart(page: string, name: string, part: string): string {
  const found = markers(page, name);
  if (found === undefined) throw new Error(`The page has no part "${name}".`);
  return `${found.before}\n\n${part}\n\n${found.after}`;
}

function markers(page: string, name: string) {
  const begin = new RegExp(`<!-- ${name}:begin[^>]*-->`).exec(page);
  const end = page.indexOf(`<!-- ${name}:end -->`);
  if (begin === null || end === -1) return undefined;
  const start = begin.index + begin[0].length;
  return { before: page.slice(0, start), part: page.slice(start, end).trim(), after: page.slice(end) };
}
