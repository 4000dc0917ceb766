/** `info`: nothing is broken, a person may want to know it. */
export type Severity = "error" | "warning" | "info";

/** Something that is not as it should be. */
export interface Finding {
  /** The same for every finding of this sort: `lock-stale`. */
  readonly code: string;
  readonly severity: Severity;
  /** What is found, with the thing that it is about. */
  readonly sentence: string;
  /** What a person does about it. */
  readonly todo: string;
  /** Present when it can be mended by us alone, without a loss, because it is provably ours. */
  readonly repair?: () => Promise<Repaired>;
}

/** What a repair did. */
export interface Repaired {
  readonly did: string;
  /** Where that lies now which stood in the way. */
  readonly putAside?: readonly string[];
}
