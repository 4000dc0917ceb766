import { type IdRun, NUMBER_ID, readIdRun, T_ID } from "../tasks/task-id.ts";

/** What a text points to. */
export type Reference =
  | { readonly kind: "ids"; readonly run: IdRun; readonly at: number }
  | { readonly kind: "layers"; readonly spans: readonly Span[]; readonly isNamedLayer: boolean; readonly at: number }
  | { readonly kind: "stories"; readonly numbers: readonly number[]; readonly at: number }
  | { readonly kind: "everyStory" | "everyLayer" | "lastLayer"; readonly at: number }
  | { readonly kind: "name"; readonly name: string; readonly at: number };

/** Layer labels from one to another, both included; without an end one only, open = all from there. */
export interface Span {
  readonly from: string;
  readonly to: string | undefined;
  readonly isOpen: boolean;
}

/** A reference, or a word that says how references belong together. */
export type Token =
  | { readonly kind: "reference"; readonly reference: Reference; readonly start: number }
  | { readonly kind: Word; readonly start: number };

/**
 * `after`: what follows comes first. `before`: what precedes does. `arrow`: `before`, in chains. `afterTopic`: both stand
 * before the word, divided by `topic`. `exclude`: the references that follow say what is *not* so; `free` and `none` say in addition
 * that nothing is waited for.
 */
export type Word = (typeof WORDS)[number][0];

/** All references and words of `text` in order. Linear; longer texts than anybody writes are read in part. */
export function scanTokens(text: string, options: { readonly numbers: boolean }): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = options.numbers ? WITH_NUMBERS : WITHOUT_NUMBERS;
  pattern.lastIndex = 0;
  const part = text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
  for (let match = pattern.exec(part); match !== null; match = pattern.exec(part)) {
    const found = tokenOf(match, part, options.numbers);
    pattern.lastIndex = Math.max(found.end, match.index + 1);
    if (found.token !== undefined) tokens.push(found.token);
  }
  return tokens;
}

interface Found {
  readonly token: Token | undefined;
  readonly end: number;
}

function tokenOf(match: RegExpExecArray, text: string, numbers: boolean): Found {
  const start = match.index;
  const end = start + match[0].length;
  const groups = match.groups ?? {};
  const reference = (found: Reference, to = end): Found => ({
    token: { kind: "reference", reference: found, start },
    end: to,
  });
  if (groups["id"] !== undefined) {
    const run = readIdRun(text, start, numbers);
    return run === undefined ? { token: undefined, end } : reference({ kind: "ids", run, at: start }, run.end);
  }
  if (groups["layer"] !== undefined) return layers(match, text, reference);
  if (groups["story"] !== undefined) return stories(groups["story"], text, end, reference);
  if (groups["name"] !== undefined) {
    return /^[a-z]/.test(match[0])
      ? { token: undefined, end }
      : reference({ kind: "name", name: match[0].toLowerCase(), at: start });
  }
  for (const kind of ["everyStory", "everyLayer", "lastLayer"] as const) {
    if (groups[kind] !== undefined) return reference({ kind, at: start });
  }
  const word = WORDS.find(([name]) => groups[name] !== undefined);
  return { token: word === undefined ? undefined : { kind: word[0], start }, end };
}

/** `Phase 3-6`, `Phases 1, 2 and 4`, `Phase 3+`, `L0`. */
function layers(match: RegExpExecArray, text: string, reference: (found: Reference, to?: number) => Found): Found {
  const isNamedLayer = /^(?:L|レイヤー|层)/i.test(match[0]);
  const spans: Span[] = [];
  let end = match.index + match[0].length;
  let from = match.groups?.["layer"] ?? "";
  for (;;) {
    const range = matchAt(SPAN_END, text, end);
    if (range !== null) end += range[0].length;
    const isOpen = range === null && text[end] === "+" && !/[\w+]/.test(text[end + 1] ?? "");
    if (isOpen) end++;
    spans.push({ from, to: range?.[1], isOpen });
    const next = matchAt(SPAN_NEXT, text, end);
    if (next === null) break;
    end += next[0].length;
    from = next[1] ?? "";
  }
  return reference({ kind: "layers", spans, isNamedLayer, at: match.index }, end);
}

function stories(
  first: string,
  text: string,
  after: number,
  reference: (found: Reference, to?: number) => Found,
): Found {
  const numbers = [Number(first)];
  const range = matchAt(STORY_RANGE, text, after);
  if (range === null) return reference({ kind: "stories", numbers, at: after });
  for (let n = numbers[0]! + 1; n <= Math.min(Number(range[1]), numbers[0]! + 99); n++) numbers.push(n);
  return reference({ kind: "stories", numbers, at: after }, after + range[0].length);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const LAYER_NUMBER = String.raw`\d{1,4}(?:\.\d{1,3})?`;
const LAYER_WORD = String.raw`(?:phases?|layers?|stages?|waves?|milestones?|フェーズ|阶段|階段|レイヤー|层)\s{0,2}`;
const SPAN_END = new RegExp(
  String.raw`\s{0,2}(?:[-–—~]|to|through|到|至)\s{0,2}(?:${LAYER_WORD}|L)?(${LAYER_NUMBER})(?![\w])`,
  "iy",
);
const SPAN_NEXT = new RegExp(
  String.raw`\s{0,2}(?:,|&|\/|and)\s{0,2}(?:and\s)?(?:${LAYER_WORD}|L)?(${LAYER_NUMBER})(?!\w|\s+\w)`,
  "iy",
);
const STORY_RANGE = /\s{0,2}[-–—~]\s{0,2}(?:US)?-?(\d{1,3})(?![\w])/iy;
const LONGEST_TEXT = 100_000;

const WORDS = [
  ["open", String.raw`[(（\[]`],
  ["close", String.raw`[)）\]]`],
  ["arrow", String.raw`[→⟶➔➜⇒]|[-=─━]{1,4}[>▶]`],
  ["reset", String.raw`\bexcept\b|除了`],
  ["free", String.raw`\bno\s+dependenc(?:y|ies)|\bindependent\b|无依赖`],
  [
    "exclude",
    String.raw`\bnot?\s+depend|\bindependently\b|\bparallel\b|\bintegrat\w*|\bwithout\b|\boptional(?:ly)?\b|并行|並列`,
  ],
  [
    "after",
    String.raw`\bdepend(?:s|ing|ent)?(?:\s+only)?\s+(?:up)?on\b|\brequires?\b|\bneeds?\b|\bafter\b|\bblocked\s+(?:by|on)\b|\bwaits?\s+(?:for|on)\b|依赖于?|需要|在(?=[^。；;]{0,80}之后)`,
  ],
  ["before", String.raw`\bblocks?\b|\bbefore\b|\bprecedes?\b|阻塞|在(?=[^。；;]{0,80}之前)`],
  ["afterTopic", "に依存"],
  ["topic", "は"],
  ["sequence", String.raw`\bsequential(?:ly)?\b|\bin\s+sequence\b`],
  ["none", String.raw`\bnone\b|\bN\/A\b|\bnothing\b|(?<![\p{L}])(?:无|なし)(?![\p{L}])`],
  ["colon", "[:：]"],
  ["break", String.raw`[;；。!?]|\.(?=\s|$)|\s[-–—]\s|\bbut\b`],
] as const;

const REFERENCES = [
  String.raw`(?<![A-Za-z0-9_])(?:${LAYER_WORD}|L(?=\d))(?<layer>${LAYER_NUMBER})(?![\w%])`,
  String.raw`(?<!\w)(?:US-?|user\s{1,2}stor(?:y|ies)\s{0,2}|用户故事\s?|ユーザーストーリー\s?)(?<story>\d{1,3})(?!\w)`,
  String.raw`(?<everyStory>\b(?:all\s+)?(?:\w+\s+)?user\s+stories\b|\ball\s+stories\b|所有(?:用户)?故事|所有功能故事)`,
  String.raw`(?<everyLayer>\ball\s+(?:(?:previous|other|prior|earlier|preceding)\s+)?(?:layers|phases)\b|所有阶段)`,
  String.raw`(?<lastLayer>\bfinal\s+phase\b)`,
  String.raw`(?<name>\b(?:setup|foundation(?:al)?|polish)\b)`,
];
const words = WORDS.map(([name, source]) => `(?<${name}>${source})`);
const tokenPattern = (ids: string) => new RegExp([ids, ...REFERENCES, ...words].join("|"), "giu");
const T_TOKEN = String.raw`(?<id>(?<![A-Za-z0-9]|[A-Za-z0-9]_)${T_ID})`;
const NUMBER_TOKEN = String.raw`(?<id>(?<![A-Za-z0-9.$#/-]|[A-Za-z0-9]_)(?:${T_ID}|${NUMBER_ID}))`;
const WITHOUT_NUMBERS = tokenPattern(T_TOKEN);
const WITH_NUMBERS = tokenPattern(NUMBER_TOKEN);
