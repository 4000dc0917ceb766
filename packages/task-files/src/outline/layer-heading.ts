import type { Layer } from "../task-document.ts";

/** What a heading says when it opens a layer. */
export interface LayerHeading {
  readonly kind: Layer["kind"];
  readonly label: string;
  /** The number as written, where it is one. */
  readonly wanted: number;
  readonly title: string;
}

/** `Layer 1: Foundation`, `L0 – Setup`, `Phase 3.1: …`, `User Story 2: …`, and their like in Chinese and Japanese. */
export function parseLayerHeading(text: string): LayerHeading | undefined {
  const start = DECORATION.exec(text)?.[0].length ?? 0;
  const body = text.slice(start);
  for (const [kind, pattern] of KINDS) {
    const match = pattern.exec(body);
    if (match === null) continue;
    const number = match[1] ?? "";
    const wanted = numberOf(number);
    const label = kind === "story" ? `US${wanted}` : /^\d/.test(number) ? number : String(wanted);
    return { kind, label, wanted, title: titleOf(body.slice(match[0].length)) || body.trim() };
  }
  return undefined;
}

/** `US2` when the heading is about one story. */
export function storyOf(text: string): string | undefined {
  const match = /User Story[ -]?(\d{1,3})|\bUS-?(\d{1,3})\b|用户故事\s?(\d{1,3})|ユーザーストーリー\s?(\d{1,3})/i.exec(
    text,
  );
  const number = match?.[1] ?? match?.[2] ?? match?.[3] ?? match?.[4];
  return number === undefined ? undefined : `US${Number(number)}`;
}

/** The number with which a heading begins (`001 Reader`), for a section that wants one. */
export function leadingNumber(text: string): number | undefined {
  const match = /^(\d{1,6})(?:[.:)]?\s|$)/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function titleOf(rest: string): string {
  return rest
    .replace(/^[\s:：.、,|–—*)\]-]{1,20}/, "")
    .replaceAll("**", "")
    .trim();
}

function numberOf(text: string): number {
  const chinese = CHINESE.indexOf(text);
  return chinese === -1 || text === "" ? Number(text) : chinese + 1;
}

const CHINESE = "一二三四五六七八九十";
const NUMBER = String.raw`(\d{1,4}(?:\.\d{1,3})?)(?![\d%])`;
const DECORATION = /^(?:[^\p{L}\p{N}]{0,20})/u;
const KINDS: readonly (readonly [Layer["kind"], RegExp])[] = [
  ["layer", new RegExp(String.raw`^(?:Layer|レイヤー|层级?)\s{0,3}${NUMBER}`, "i")],
  ["layer", /^L(\d{1,2})(?![\w.])/],
  ["phase", new RegExp(String.raw`^(?:Phase|Stage|Wave|Milestone|フェーズ|阶段|階段)\s{0,3}${NUMBER}`, "i")],
  ["phase", /^阶段\s?([一二三四五六七八九十])/],
  ["phase", /^第\s?([一二三四五六七八九十]|\d{1,3})\s?(?:阶段|階段|フェーズ)/],
  ["story", /^(?:User Story[ -]?|US-?|用户故事\s?|ユーザーストーリー\s?)(\d{1,3})(?!\d)/i],
];
