/** `T012`, `T-007`, `T012a`, `t3.1`, `T1-2`, `TASK-4`; with the letter's case left open. */
export const T_ID = String.raw`(?:TASK-|T-?)\d{1,9}(?:[.-]\d{1,9}){0,3}[A-Za-z]?(?![A-Za-z0-9]|_[A-Za-z0-9])`;
/** `1`, `1.2`, `1.2.3`. */
export const NUMBER_ID = String.raw`\d{1,4}(?:\.\d{1,4}){0,4}(?![A-Za-z0-9]|_[A-Za-z0-9])`;

/** One id or a run of them, as written at one place. */
export interface IdRun {
  readonly first: string;
  /** The other end of a range. */
  readonly last: string | undefined;
  /** `T013+`: up to the last one that the file has. */
  readonly isOpen: boolean;
  /** `T012a/b/c`: the further ids. */
  readonly others: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface IdParts {
  /** All before the last number, in upper case and without a dash between letters and number. */
  readonly family: string;
  /** As written. */
  readonly head: string;
  readonly digits: string;
  readonly number: number;
  readonly suffix: string;
}

/** Reads the run that begins at `at`; `numbers` tells whether bare numbers are ids here. */
export function readIdRun(text: string, at: number, numbers: boolean): IdRun | undefined {
  const first = matchAt(T, text, at) ?? (numbers ? matchAt(NUMBER, text, at) : undefined);
  if (first === undefined) return undefined;
  const end = at + first.length;
  const run: IdRun = { first, last: undefined, isOpen: false, others: NONE, start: at, end };
  const closed = first.includes("-") ? closedRange(first) : undefined;
  if (closed !== undefined) return { ...run, ...closed };
  if (endsAt(text, end)) return run;
  const letters = matchAt(LETTERS, text, end);
  if (letters !== undefined && /[A-Za-z]$/.test(first)) {
    const others = letters.split("/").filter(Boolean);
    return { ...run, others: others.map((letter) => first.slice(0, -1) + letter), end: end + letters.length };
  }
  return { ...run, ...rangeAfter(text, first, end) };
}

export function partsOf(id: string): IdParts | undefined {
  const match = PARTS.exec(id);
  if (match === null) return undefined;
  const [, head = "", digits = "", suffix = ""] = match;
  const family = head.toUpperCase().replace(/^(TASK|T)-/, "$1");
  return { family, head, digits, number: Number(digits), suffix: suffix.toLowerCase() };
}

/** What two ways of writing the same id share: `T17`, `t017` and `T-017`. */
export function looseKey(id: string): string {
  const parts = partsOf(id);
  if (parts === undefined) return id.toUpperCase();
  return `${parts.family.replace(/(^|[.-])0+(?=\d)/g, "$1")}${parts.number}${parts.suffix}`;
}

/** Whether the two ends can be a range: only their last numbers differ. */
export function isRange(first: IdParts, last: IdParts): boolean {
  return first.family === last.family && first.suffix === "" && last.suffix === "";
}

/** Every id of a range in order, written like its first. */
export function idsBetween(first: IdParts, last: IdParts): readonly string[] {
  const low = first.number <= last.number ? first : last;
  const width = low.digits.startsWith("0") || first.digits.length === last.digits.length ? low.digits.length : 1;
  const size = Math.abs(last.number - first.number) + 1;
  return Array.from({ length: size }, (_, i) => low.head + String(low.number + i).padStart(width, "0"));
}

/** Whether nothing at `end` can make one id more: most ids stand alone, and this is soon seen. */
function endsAt(text: string, end: number): boolean {
  let at = end;
  while (at < end + 2 && (text[at] === " " || text[at] === "\t")) at++;
  const next = text[at];
  return next === undefined || !(at === end ? "+/-–—−~.…t到至" : "-–—−~.…t到至").includes(next);
}

function rangeAfter(text: string, first: string, at: number): Partial<IdRun> {
  const separator = matchAt(RANGE_SEPARATOR, text, at);
  if (separator === undefined) return matchAt(OPEN, text, at) === undefined ? {} : { isOpen: true, end: at + 1 };
  const start = at + separator.length;
  const isNumber = /^\d/.test(first);
  const last = isNumber ? matchAt(NUMBER, text, start) : matchAt(T, text, start);
  if (last !== undefined) return canEnd(first, last) ? { last, end: start + last.length } : {};
  const digits = separator.trim() === separator ? matchAt(DIGITS, text, start) : undefined;
  const parts = partsOf(first);
  if (digits === undefined || isNumber || digits.length !== parts?.digits.length) return {};
  return { last: parts.head + digits, end: start + digits.length };
}

/** `T300-301` is a range, `T1-2` an id: both numbers have the same three digits or more, and rise. */
function closedRange(id: string): Pick<IdRun, "first" | "last"> | undefined {
  const match = /^(T-?)(\d{3,})-(\d{3,})$/i.exec(id);
  if (match === null) return undefined;
  const [, head = "", low = "", high = ""] = match;
  return low.length === high.length && low < high ? { first: head + low, last: head + high } : undefined;
}

function canEnd(first: string, last: string): boolean {
  const [from, to] = [partsOf(first), partsOf(last)];
  return from !== undefined && to !== undefined && isRange(from, to);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? text.slice(at, pattern.lastIndex) : undefined;
}

const NONE: readonly string[] = [];
const T = new RegExp(T_ID, "iy");
const NUMBER = new RegExp(NUMBER_ID, "y");
const LETTERS = /(?:\/[A-Za-z](?![A-Za-z0-9]))+/y;
const DIGITS = /\d{1,9}(?![A-Za-z0-9.]\d)(?![A-Za-z0-9])/y;
const OPEN = /\+(?![\w+])/y;
const RANGE_SEPARATOR = /[ \t]{0,2}(?:[-–—−~]|\.{2,3}|…|(?<=[ \t])(?:to|through|thru)(?=[ \t])|到|至)[ \t]{0,2}/y;
const PARTS = /^((?:TASK-|T-?)?(?:\d{1,9}[.-]){0,4})(\d{1,9})([A-Za-z]?)$/i;
