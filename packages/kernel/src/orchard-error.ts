import { printableLine } from "./untrusted-text.ts";

/** What the top of a program does with an error, and the exit code that follows from it. */
export const EXIT_CODE_OF_KIND = {
  /** The work itself failed. */
  failed: 1,
  /** A fault of ours; please report. */
  internal: 1,
  /** Wrong usage or bad input; nothing changed. */
  user: 2,
  /** Right input, refused by the present state. */
  state: 3,
  /** A lock or lease was lost, or could not be had in time. */
  lock: 4,
  /** Two changes contradict each other. */
  conflict: 5,
  /** The person interrupted. */
  interrupted: 130,
} as const;

/**
 * What sort of fault an error is: {@link EXIT_CODE_OF_KIND} says what each means, and with which code a program ends.
 */
export type ErrorKind = keyof typeof EXIT_CODE_OF_KIND;

/** What an {@link OrchardError} is made of. */
export interface ErrorFacts {
  /** Stable, upper snake case, listed in `docs/errors.md`. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** One sentence with the offending id, path, line or field. */
  readonly message: string;
  /** The next command or step. Never a destructive one. */
  readonly hint?: string;
  /** Plain data for `--json`. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * A fault with a code. Expected outcomes are return values; this is for everything else that a person
 * or an agent must be told. Each package builds its errors in its own `errors.ts`.
 */
export class OrchardError extends Error {
  override readonly name = "OrchardError";
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.kind = facts.kind;
    this.hint = facts.hint;
    this.details = facts.details ?? {};
  }

  get exitCode(): number {
    return EXIT_CODE_OF_KIND[this.kind];
  }
}

/** Whether `error` is an {@link OrchardError}; with `code`, whether it is one with that code. */
export function isOrchardError(error: unknown, code?: string): error is OrchardError {
  return error instanceof OrchardError && (code === undefined || error.code === code);
}

/** Whether `error` is a system error with one of `codes` (`ENOENT`, `EEXIST` …). */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

/** Marks a branch that the types say cannot be reached; a new union member then fails to compile here. */
export function assertNever(value: never): never {
  throw new OrchardError({
    code: "INTERNAL",
    kind: "internal",
    message: `A case that cannot happen did: ${printableLine(String(JSON.stringify(value)))}.`,
    hint: "This is a fault of Orchard's; please report it with this sentence.",
  });
}
