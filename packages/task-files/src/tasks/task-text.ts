import type { TaskFlag } from "../task-document.ts";

/** What the text behind a task's prefix says beside its title. */
export interface TaskText {
  readonly title: string;
  readonly isDone: boolean;
  readonly flag: TaskFlag | undefined;
  /** A known agent at the very end of the line. */
  readonly agent: string | undefined;
}

/** `isAgent` tells which names count at the end of a line, where `@deprecated` is no agent. */
export function parseTaskText(text: string, isAgent: (name: string) => boolean): TaskText {
  if (isPlain(text)) return { title: text, isDone: false, flag: undefined, agent: undefined };
  const signs = takeSigns(text.trim().replace(/^(?:Task|任务|タスク)[ \t]?[:：][ \t]*/i, ""));
  const last = signs.text.includes("@") ? /[ \t(]@([A-Za-z][\w-]{0,39})\)?$/.exec(signs.text.slice(-60)) : null;
  const agent = last !== null && isAgent(last[1]!) ? last[1] : undefined;
  const kept = agent === undefined ? signs.text : signs.text.slice(0, -last![0].length);
  const title = withoutDependencies(kept);
  return { title: tidy(title), isDone: signs.isDone, flag: signs.flag ?? flagOf(kept), agent };
}

/** Whether the text is nothing but its title, as most are. */
function isPlain(text: string): boolean {
  return PLAIN.test(text) && !text.includes("  ") && !CAPITALS.test(text) && !HINT.test(text);
}

/** ``text (`/command`, agent, complexity)``, as lists without ids and boxes have it. */
export function parseCommandText(text: string): TaskText | undefined {
  const start = Math.max(0, text.length - LONGEST_COMMAND);
  const match = COMMAND.exec(text.slice(start));
  if (match === null) return undefined;
  const rest = parseTaskText(text.slice(0, start + match.index), () => false);
  return { ...rest, agent: match[1] };
}

/** Status signs at either end of the text; in its middle they belong to the title. */
function takeSigns(text: string): {
  readonly text: string;
  readonly isDone: boolean;
  readonly flag: TaskFlag | undefined;
} {
  let rest = text;
  let isDone = false;
  let flag: TaskFlag | undefined;
  for (let sign = signOf(rest); sign !== undefined; sign = signOf(rest)) {
    rest = sign.rest.trim();
    if (sign.meaning === "done") isDone = true;
    else flag ??= sign.meaning;
  }
  return { text: rest, isDone, flag };
}

function signOf(text: string): { readonly rest: string; readonly meaning: TaskFlag | "done" } | undefined {
  if (!SIGN.test(text)) return undefined;
  for (const [sign, meaning] of SIGNS) {
    if (text === sign) return undefined;
    if (text.startsWith(sign)) return { rest: text.slice(sign.length).replace(/^\ufe0f/, ""), meaning };
    if (text.endsWith(sign)) return { rest: text.slice(0, -sign.length), meaning };
    if (text.endsWith(`${sign}\ufe0f`)) return { rest: text.slice(0, -sign.length - 1), meaning };
  }
  return undefined;
}

function flagOf(text: string): TaskFlag | undefined {
  if (text.startsWith("~~") || text.endsWith("~~")) return "removed";
  const word = CAPITALS.test(text) ? FLAG_WORD.exec(text)?.[1] : undefined;
  return word === undefined ? undefined : FLAG_WORDS[word];
}

/** `(depends on T003, T004)` and its like; parentheses of another beginning belong to the title. */
function withoutDependencies(text: string): string {
  return HINT.test(text) ? text.replace(INLINE_DEPENDENCIES, " ") : text;
}

function tidy(text: string): string {
  const halves = text.includes("**") ? text.split("**") : [text];
  const balanced = halves.length % 2 === 1 ? text : halves.join("");
  const spaced = /[ \t]{2}/.test(balanced) ? balanced.replace(/[ \t]{2,8}/g, " ") : balanced;
  return spaced
    .trim()
    .replace(/^~~|~~$/g, "")
    .replace(/ ?[|,;:–—-]$/, "")
    .trim();
}

/** Of these characters nothing is a sign, an agent or the like, and the first and the last are no blank. */
const PLAIN = /^[A-Za-z][\w ,./()`'"&+-]*[A-Za-z0-9]$/;
const LONGEST_COMMAND = 240;
const COMMAND = /[ \t]?\(`\/[^`()]{1,80}`(?:,[ \t]{0,3}@?([A-Za-z][\w-]{0,39}))?[^()]{0,120}\)[ \t]{0,4}$/;
const SIGNS: readonly (readonly [string, TaskFlag | "done"])[] = [
  ["✅", "done"],
  ["✔", "done"],
  ["☑", "done"],
  ["✓", "done"],
  ["（已完成）", "done"],
  ["(已完成)", "done"],
  ["（完了）", "done"],
  ["(DONE)", "done"],
  ["[DONE]", "done"],
  ["(COMPLETED)", "done"],
  ["[COMPLETED]", "done"],
  ["- DONE", "done"],
  ["⏳", "started"],
  ["🚧", "started"],
  ["🔄", "started"],
  ["⏸", "deferred"],
  ["⛔", "blocked"],
  ["❌", "removed"],
];
const CAPITALS = /[A-Z]{3}/;
const FLAG_WORD =
  /(?:^|[\s([*:—–-])(SKIPPED|SKIP|DEFERRED|BLOCKED|REMOVED|CANCELLED|CANCELED|OBSOLETE|WIP)(?![A-Za-z0-9_])/;
const FLAG_WORDS: Readonly<Record<string, TaskFlag>> = {
  SKIPPED: "skipped",
  SKIP: "skipped",
  DEFERRED: "deferred",
  BLOCKED: "blocked",
  REMOVED: "removed",
  CANCELLED: "removed",
  CANCELED: "removed",
  OBSOLETE: "removed",
  WIP: "started",
};
/** A sign may be at either end. */
const SIGN = /^[^\p{L}\p{N}`"']|[^\p{L}\p{N}`.'"]$|DONE$/u;
const HINT = /depend|deps|require|block|after|before|依赖/i;
const INLINE_DEPENDENCIES =
  /[ \t]{0,4}[([（](?:depends? (?:up)?on|depends|deps|dependenc(?:y|ies)|requires?|blocked by|blocks|after|before|依赖于?)[ :：]{0,3}(?:tasks? )?[*_`]{0,3}(?=T-?\d|TASK-|\d|None)[^()[\]（）]{0,400}[)\]）]|[ \t]{0,4}(?:[|;–—-] ?)?(?:Dependencies|Depends on|Deps|Blocks|Blocked by): ?(?:None|T-?\d).{0,400}$/giu;
