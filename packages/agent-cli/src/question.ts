import type { IsoTime } from "@orchard/kernel";
import type { Progress } from "@orchard/tracker-core";
import type { Flag } from "@orchard/workflow/tasks";
import type { Answer } from "./answer.ts";
import type { Given } from "./shape/command-shape.ts";

/** What a reading command knows, wherever it was read. */
export interface Question {
  readonly progress: Progress;
  /** Who asks, without `@`; `undefined` when nobody said it. */
  readonly agent: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly now: IsoTime;
}

/** A reading command: pure, so that it answers the same from the views and from the store. */
export type Reply = (question: Question, given: Given) => Answer;

/** An answer with what its command tells at the end. */
export interface Told {
  readonly answer: Answer;
  readonly flags: readonly Flag[];
}
