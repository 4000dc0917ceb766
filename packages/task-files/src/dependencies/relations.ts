import type { Reference, Token } from "./references.ts";

/** `dependents` wait for `dependencies`; a chain waits from one to the next. */
export interface Relation {
  readonly dependents: readonly Reference[];
  readonly dependencies: readonly Reference[];
}

export interface Statement {
  readonly relations: readonly Relation[];
  /** Ids that are worked through one after the other. */
  readonly chains: readonly (readonly Reference[])[];
  /** What the statement is about (`**Setup (Phase 1)**: …`). */
  readonly subject: readonly Reference[];
  /** It says in so many words that its subject waits for nothing. */
  readonly saysNone: boolean;
}

/** Reads one sentence or list item of prose. `about` is its subject when it names none itself. */
export function parseStatement(tokens: readonly Token[], about: readonly Reference[] = []): Statement {
  const reading = new Reading(about);
  for (const token of withoutParentheses(tokens, reading)) reading.take(token);
  return reading.end();
}

class Reading {
  readonly #relations: Relation[] = [];
  readonly #chains: (readonly Reference[])[] = [];
  #subject: readonly Reference[];
  #left: Reference[] = [];
  #right: Reference[] = [];
  #way: "after" | "before" | undefined;
  #topic: Reference[] = [];
  #excludes = false;
  #isSequence = false;
  #saysNone = false;

  constructor(subject: readonly Reference[]) {
    this.#subject = subject;
  }

  take(token: Token): void {
    switch (token.kind) {
      case "reference":
        if (!this.#excludes) (this.#way === undefined ? this.#left : this.#right).push(token.reference);
        return;
      case "after":
      case "before":
        this.#turn(token.kind, this.#left);
        return;
      case "arrow":
        this.#turn("before", this.#right.length > 0 ? this.#right : this.#left);
        return;
      case "topic":
        this.#topic = this.#left;
        this.#left = [];
        return;
      case "afterTopic":
        this.#add(this.#topic.length > 0 ? this.#topic : this.#subject, this.#left);
        this.#clear();
        return;
      case "free":
      case "none":
        this.#saysNone ||= this.#way === undefined;
        this.#excludes = true;
        return;
      case "exclude":
        this.#excludes = true;
        return;
      case "reset":
        this.#excludes = false;
        return;
      case "sequence":
        this.#isSequence = true;
        return;
      case "colon":
        if (this.#way !== undefined || this.#left.length === 0) this.#finish();
        else this.#startSubject();
        return;
      default:
        this.#finish();
    }
  }

  /** A clause in parentheses that relates things by itself. */
  takeAside(tokens: readonly Token[]): void {
    const aside = parseStatement(tokens);
    this.#relations.push(...aside.relations);
    this.#chains.push(...aside.chains);
  }

  end(): Statement {
    this.#finish();
    const saysNone = this.#saysNone && this.#relations.length === 0 && this.#subject.length > 0;
    return { relations: this.#relations, chains: this.#chains, subject: this.#subject, saysNone };
  }

  #startSubject(): void {
    this.#subject = this.#left;
    this.#clear();
  }

  #turn(way: "after" | "before", left: Reference[]): void {
    this.#relate();
    this.#left = left;
    this.#right = [];
    this.#way = way;
    this.#excludes = false;
  }

  #finish(): void {
    this.#relate();
    const sequence = this.#left.length > 0 ? this.#left : this.#subject;
    if (this.#isSequence && this.#way === undefined && !this.#excludes) this.#chains.push(sequence);
    this.#clear();
  }

  #relate(): void {
    const left = this.#left.length > 0 ? this.#left : this.#subject;
    if (this.#way === "after") this.#add(left, this.#right);
    if (this.#way === "before") this.#add(this.#right, left);
  }

  #add(dependents: readonly Reference[], dependencies: readonly Reference[]): void {
    if (dependents.length > 0 && dependencies.length > 0) this.#relations.push({ dependents, dependencies });
  }

  #clear(): void {
    this.#left = [];
    this.#right = [];
    this.#way = undefined;
    this.#topic = [];
    this.#excludes = false;
    this.#isSequence = false;
  }
}

/**
 * Parentheses either say the same once more (`Tests (T004-T012)`, `Setup (Phase 1)`), and then count where they stand,
 * or are an aside: related by itself, or of no account.
 */
function* withoutParentheses(tokens: readonly Token[], reading: Reading): Generator<Token> {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind === "close") continue;
    if (token.kind !== "open") {
      yield token;
      continue;
    }
    const inside: Token[] = [];
    for (let depth = 1; ++i < tokens.length; ) {
      const { kind } = tokens[i]!;
      if (kind === "open") depth++;
      if (kind === "close" && --depth === 0) break;
      if (kind !== "open" && kind !== "close") inside.push(tokens[i]!);
    }
    if (inside.some(({ kind }) => RELATING.has(kind))) reading.takeAside(inside);
    else if (!inside.some(({ kind }) => kind === "exclude" || kind === "free")) yield* restated(inside, token.start);
  }
}

/** Ids count anywhere in the parentheses, layers and stories only right at their beginning. */
function restated(inside: readonly Token[], open: number): readonly Token[] {
  const isFirst = (token: Token) => token.start <= open + 2;
  return inside.filter((token) => token.kind === "reference" && (token.reference.kind === "ids" || isFirst(token)));
}

const RELATING: ReadonlySet<Token["kind"]> = new Set(["after", "before", "arrow", "afterTopic"]);
