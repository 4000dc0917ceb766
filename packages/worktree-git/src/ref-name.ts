import { badRef } from "./errors.ts";

declare const brand: unique symbol;

/** A full ref name (`refs/heads/x`) that git accepts and that no command can read as an option. */
export type RefName = string & { readonly [brand]: "ref" };

const HEADS = "refs/heads/";

/** Throws `BAD_REF` (exit 2) unless `text` is a full, valid ref name; `main` alone is none. */
export function parseRef(text: string): RefName {
  const why = whyNotARef(text);
  if (why === undefined) return text as RefName;
  throw badRef(text, why);
}

/** `refs/heads/<name>`; throws `BAD_REF`. */
export function branchRef(name: string): RefName {
  return parseRef(HEADS + name);
}

/** What people call a ref: a branch without `refs/heads/`, any other ref as it is. */
export function shortName(ref: RefName): string {
  return ref.startsWith(HEADS) ? ref.slice(HEADS.length) : ref;
}

/** Whether a ref is a local branch: below `refs/heads/`. */
export function isBranch(ref: RefName): boolean {
  return ref.startsWith(HEADS);
}

/** git's own rules (`git help check-ref-format`) and ours: full, no part that starts with a dash, at most 240 bytes. */
function whyNotARef(text: string): string | undefined {
  if (!text.startsWith("refs/")) return "it does not start with refs/";
  if (Buffer.byteLength(text) > 240) return "it is longer than 240 bytes";
  if (/[\u0000-\u0020\u007f~^:?*[\\]/.test(text)) return "it holds a space, a control or one of ~ ^ : ? * [ \\";
  if (text.includes("..") || text.includes("@{")) return "it contains '..' or '@{'";
  if (text.endsWith(".")) return "it ends with '.'";
  if (text.isWellFormed() === false) return "it is not valid Unicode";
  const parts = text.split("/");
  if (parts.length < 3) return "it has fewer than three parts";
  for (const part of parts) {
    if (part === "") return "it has an empty part";
    if (part.startsWith(".") || part.startsWith("-")) return `a part of it starts with '${part[0]}'`;
    if (part.endsWith(".lock")) return "a part of it ends with '.lock'";
  }
  return parts.length === 3 && parts[1] === "heads" && parts[2] === "HEAD"
    ? "a branch named HEAD misleads git"
    : undefined;
}
