import type { ConflictedFile } from "../hub/parse-merge-tree.ts";
import type { Oid } from "../object-id.ts";

/** What became of one item of a request. */
export interface ComposedStep {
  /** The commit that was to be contained. */
  readonly commit: Oid;
  /** The commit that did it; the head as it was just before when there was nothing to do. */
  readonly by: Oid;
  /** Whether it changed any file. */
  readonly changed: boolean;
}

/**
 * A commit that was put together in memory. Everything that it names is durable; no ref and no file knows of it yet.
 * A conflict leaves nothing behind but unreferenced objects.
 */
export type Composed =
  | {
      readonly kind: "composed";
      /** The head that was given when there was nothing to do, else a descendant of it. */
      readonly commit: Oid;
      /** One for each item of the request, in the same order. */
      readonly steps: readonly ComposedStep[];
    }
  | {
      readonly kind: "conflicted";
      /** Which item of the request; those before it are done, those behind it were not tried. */
      readonly at: number;
      /** The head with the items before it: where the merge that conflicts begins. */
      readonly onto: Oid;
      readonly done: readonly ComposedStep[];
      /** What the two were compared with, where that is not their common ancestor. */
      readonly base?: Oid;
      readonly theirs: Oid;
      readonly files: readonly ConflictedFile[];
    };

/** A commit message ends with a line break. */
export function withLineEnd(message: string): string {
  return message.endsWith("\n") ? message : `${message}\n`;
}
