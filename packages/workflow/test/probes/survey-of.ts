import { type Oid, parseOid } from "@orchard/worktree-git";
import type { Survey } from "../../src/probes/built-in/survey.ts";
import { isVendored } from "../../src/probes/built-in/vendored.ts";

const NONE: Oid = parseOid("0".repeat(40));

/** A survey of files that are nowhere but here. */
export function surveyOf(texts: Readonly<Record<string, string>>): Survey {
  const files = Object.keys(texts)
    .sort()
    .map((path) => ({ path, size: texts[path]?.length ?? 0, oid: NONE, own: !isVendored(path) }));
  return {
    files,
    has: (path) => Object.hasOwn(texts, path),
    hasFolder: (path) => path === "" || files.some((file) => file.path.startsWith(`${path}/`)),
    text: async (path) => texts[path],
    [Symbol.dispose]: () => undefined,
  };
}
