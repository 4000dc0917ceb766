const LONGEST_PATH = 1_024;
/** Where only git or Orchard writes; nothing that a probe names there is a file of the project. */
const NOT_THE_PROJECT = [".git", ".orchestration", ".worktrees"];

/**
 * Why `path` is no path inside the repository, or `undefined` when it is one: relative, with forward slashes, in its
 * shortest form. What it leads to is not looked at; it is a name, never opened.
 */
export function whyNotAPath(path: string): string | undefined {
  if (path === "") return "it is empty";
  if (path.length > LONGEST_PATH) return `it is longer than ${LONGEST_PATH} characters`;
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "it is absolute; write it relative to the repository";
  if (path.startsWith("~")) return "it begins with '~'";
  if (path.includes("\\")) return "write '/' between folders";
  if (/[\u0000-\u001f\u007f]/.test(path)) return "it contains a control character";
  const parts = path.split("/");
  if (parts.includes("..")) return "it leads outside with '..'";
  if (parts.includes(".") || parts.includes("")) return "it is not in its shortest form";
  const first = parts[0]?.toLowerCase() ?? "";
  return NOT_THE_PROJECT.includes(first) || parts.some((part) => part.toLowerCase() === ".git")
    ? "only git and Orchard write there"
    : undefined;
}
