import { isOrchardError, type OrchardError } from "@orchard/kernel";
import { type Streams, tellError } from "./tell-error.ts";

interface Marked {
  readonly data: unknown;
  readonly exitCode?: number;
}

/** Why what a command shows may not be the whole truth: told once on stderr, and in what the command answers. */
export interface TroubleTeller {
  /** Tells of the trouble that a state was read in, if any and not told before. */
  note(trouble: OrchardError | undefined): void;
  /** The answer with the trouble as the field `trouble` of its data, and its exit code; as it is without trouble. */
  marked<Answer extends Marked>(answer: Answer): Answer;
  /**
   * The exit code for `error`, where the trouble may be all that is wrong and was told: what is not known, or is refused,
   * in a state that ends too early. Else throws what a program is to be told: the trouble, or `error` itself.
   */
  instead(error: unknown, how: { readonly json: boolean }): number;
}

/** One for each call of a program; it tells on `streams`. */
export function troubleTeller(streams: Streams): TroubleTeller {
  let told: OrchardError | undefined;
  return {
    note: (trouble) => {
      if (trouble === undefined || told !== undefined) return;
      told = trouble;
      tellError(trouble, { json: false, verbose: false }, streams);
    },
    marked: (answer) => {
      if (told === undefined) return answer;
      const { code, message, hint, exitCode } = told;
      const data = { ...(answer.data as object), trouble: { code, message, hint: hint ?? null } };
      return { ...answer, data, exitCode };
    },
    instead: (error, { json }) => {
      if (told === undefined || !restsOnState(error)) throw error;
      if (json) throw told;
      return told.exitCode;
    },
  };
}

function restsOnState(error: unknown): boolean {
  return isOrchardError(error) && (error.kind === "state" || error.code.startsWith("UNKNOWN_"));
}
