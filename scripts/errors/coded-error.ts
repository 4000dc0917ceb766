/** One place in the sources that builds an error. */
export interface CodedError {
  readonly code: string;
  readonly kind: string;
  /** Values that are known only at run time stand as `‹name›`. */
  readonly sentences: readonly string[];
  readonly hints: readonly string[];
  /** The room that builds it. */
  readonly room: string;
  /** `packages/kernel/src/ids.ts:72`. */
  readonly where: string;
}
