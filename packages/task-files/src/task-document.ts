/** Where something stands in the source. Both count from 1; columns are UTF-16 units, a BOM is none. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * How the file says what waits for what.
 * - `layered`: dependencies are written on the tasks; layers inform people and block nobody unless asked to.
 * - `speckit`: phases, stories, `[P]` and the order in the file say it.
 * - `numbered`: tasks called 1, 1.1, 1.2 …, worked through in order.
 * - `plain`: a list; only what is written counts.
 */
export type Dialect = "layered" | "speckit" | "numbered" | "plain";

/** A heading that groups tasks. */
export interface Layer {
  /** As written where that is one of its kind in the file, else the next free whole number. Unique in the document. */
  readonly number: number;
  /** As written: `1`, `3.10`, `US2`; empty for a section. */
  readonly label: string;
  /** The heading without its word and number. */
  readonly title: string;
  readonly kind: "layer" | "phase" | "story" | "section";
  readonly position: Position;
  /** The layers that the file says, by line or prose, this one comes after; by number. What is only usual is not here. */
  readonly dependsOn: readonly number[];
}

/** One task of the file; a line that stands for several gives one entry for each. */
export interface TaskEntry {
  /** As written, without bold; made from the title where the file gives none (finding `ID_GUESSED`). */
  readonly id: string;
  /** The text without id, labels, agent, inline dependencies and status emoji. As untrusted as the file. */
  readonly title: string;
  /** The {@link Layer.number}, `undefined` outside of all. */
  readonly layer: number | undefined;
  /** By its mark (`x`, `X`) or by a word or emoji that says so (`✅`, `DONE`, `已完成`). */
  readonly done: boolean;
  /** The character in the box as written; empty without a box. */
  readonly mark: string;
  /** What the text says of its state beside the box. */
  readonly flag: TaskFlag | undefined;
  /** Without `@`; from the line, else from the nearest heading that names one. */
  readonly agent: string | undefined;
  /** Marked `[P]`. */
  readonly parallel: boolean;
  /** `US1`; from the line, else from the heading. */
  readonly story: string | undefined;
  /** Of the id. */
  readonly position: Position;
  /** Byte offset of the mark in the source; `undefined` where there is no box that one byte can tick. */
  readonly checkbox: number | undefined;
  /** The other ids of a line that stands for several tasks (`T057-T065`). */
  readonly sharesCheckboxWith: readonly string[];
}

/** What a word or an emoji says of a task's state; whether the task is done is said apart. */
export type TaskFlag = "started" | "blocked" | "skipped" | "deferred" | "removed";

/** One dependency: `task` waits for `dependsOn`, both by id. */
export interface Edge {
  readonly task: string;
  /** May be an id that the file does not have: then there is a finding `UNKNOWN_TASK` and the task cannot be ready. */
  readonly dependsOn: string;
  /** `explicit`: both ends are named by id. `inferred`: from phases, stories, layers or the order in the file. */
  readonly kind: "explicit" | "inferred";
  readonly from: "dependencies" | "blocks" | "inline" | "prose" | "layer" | "phase" | "story" | "order";
  readonly position: Position;
}

/** What a {@link Finding} is about: stable words, for scripts. */
export type FindingCode =
  | "BLOCKS_DISAGREE"
  | "CASE_CLASH"
  | "DEPENDENCY_CYCLE"
  | "DUPLICATE_LAYER"
  | "DUPLICATE_TASK"
  | "EMPTY"
  | "ID_GUESSED"
  | "INFERRED_DROPPED"
  | "NOT_TEXT"
  | "NOT_TICKABLE"
  | "NOT_UTF8"
  | "NO_TASKS"
  | "OPEN_RANGE"
  | "OTHER_IDS"
  | "RANGE_REVERSED"
  | "RANGE_TOO_LARGE"
  | "TOO_MANY_EDGES"
  | "UNCLOSED_COMMENT"
  | "UNCLOSED_FENCE"
  | "UNKNOWN_TASK"
  | "UNREAD_DEPENDENCY";

/** Something a person should know. `error`: the file cannot be worked through as it is; its other tasks can. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: "error" | "warning" | "info";
  /** One sentence, safe to print. */
  readonly message: string;
  readonly position: Position;
  readonly task?: string;
}

/** Everything that a task file says, and what a person should know about it. */
export interface TaskDocument {
  readonly dialect: Dialect;
  /** In file order. */
  readonly layers: readonly Layer[];
  /** In file order; ids are unique. */
  readonly tasks: readonly TaskEntry[];
  /** The explicit ones in file order, then the inferred ones; a pair occurs once. */
  readonly edges: readonly Edge[];
  /** In file order. */
  readonly findings: readonly Finding[];
}

/** What whoever reads a task file wants, and knows of it before. */
export interface ReadOptions {
  /** Whether inferred edges are wanted. Default: yes, but not for the layered dialect, whose layers block only when asked. */
  readonly inferred?: boolean;
  /** When the caller knows it, by the file's name say; otherwise told from the content. */
  readonly dialect?: Dialect;
}
