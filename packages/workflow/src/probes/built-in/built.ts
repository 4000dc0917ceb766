import type { Survey } from "./survey.ts";
import { languageOf } from "./untested/test-files.ts";

/** What a build makes beside its sources, in a folder for it or in their midst. */
export function isBuilt(survey: Survey, path: string): boolean {
  return isInBuiltFolder(survey, path) || isCompiled(survey, path);
}

/** A script that has declarations and is there in two forms, or as TypeScript too. */
export function isCompiled(survey: Survey, path: string): boolean {
  const [, stem = "", kind] = /^(.*)\.([cm]?)js$/.exec(path) ?? [];
  if (kind === undefined || !survey.has(`${stem}.d.${kind}ts`)) return false;
  const forms = ["js", "cjs", "mjs"].filter((form) => survey.has(`${stem}.${form}`));
  return forms.length > 1 || [`${stem}.ts`, `src/${stem}.ts`].some((source) => survey.has(source));
}

/** A folder named as builds name theirs, beside sources of the same language that look as if it was made of them. */
function isInBuiltFolder(survey: Survey, path: string): boolean {
  if (languageOf(path) !== "script" || isTyped(path)) return false;
  const found = /^((?:.*?\/)??)((?:lib|build|out|es|bin|types)\/)/.exec(path);
  if (found === null) return false;
  const [folder, parent = ""] = found;
  const beside = `${parent}src/`;
  return !path.startsWith(beside) && isBuildOf(survey, folder, beside);
}

const KNOWN = new WeakMap<Survey, Map<string, boolean>>();

/** Sources that have to be compiled have a build; of plain ones a file of the same name in both folders tells. */
function isBuildOf(survey: Survey, folder: string, sources: string): boolean {
  const known = KNOWN.get(survey) ?? new Map<string, boolean>();
  KNOWN.set(survey, known);
  const answer = known.get(folder) ?? lookFor(survey, folder, sources);
  known.set(folder, answer);
  return answer;
}

function lookFor(survey: Survey, folder: string, sources: string): boolean {
  const scriptsIn = (start: string) =>
    survey.files.map(({ path }) => path).filter((path) => path.startsWith(start) && languageOf(path) === "script");
  const originals = scriptsIn(sources);
  if (originals.some(isTyped)) return true;
  const names = new Set(originals.filter((path) => !path.endsWith(".d.ts")).map((path) => nameIn(sources, path)));
  return scriptsIn(folder).some((path) => names.has(nameIn(folder, path)));
}

/** TypeScript that is no declaration, and JSX: nothing that a build leaves behind. */
function isTyped(path: string): boolean {
  return /\.(?:[cm]?tsx?|jsx)$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

function nameIn(folder: string, path: string): string {
  return path.slice(folder.length).replace(/\.[^/]*$/, "");
}
