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

function isInBuiltFolder(survey: Survey, path: string): boolean {
  if (languageOf(path) !== "script") return false;
  const folder = /^(.*?)(?:^|\/)(?:lib|build|out|es|bin|types)\//.exec(path);
  if (folder === null) return false;
  const beside = folder[1] === "" ? "src" : `${folder[1]}/src`;
  return survey.hasFolder(beside) && !path.startsWith(`${beside}/`);
}
