/** The lines of a Markdown text outside of code, each with the number it has there. Comments count as lines. */
export function proseLines(
  text: string,
): readonly { readonly line: number; readonly text: string; readonly prose: true }[] {
  const lines: { readonly line: number; readonly text: string; readonly prose: true }[] = [];
  let fence: string | undefined;
  for (const [index, whole] of text.split("\n").entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(whole)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined) {
      if (mark?.startsWith(fence) === true && whole.trim() === mark) fence = undefined;
    } else if (!/^(?: {4}|\t)/.test(whole)) {
      const plain = whole.replace(/`[^`]*`/g, "").replace(/^\s*<!--/, "");
      lines.push({ line: index + 1, text: plain, prose: true });
    }
  }
  return lines;
}
