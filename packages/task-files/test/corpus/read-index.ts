export interface IndexEntry {
  readonly kind: string;
  readonly file: string;
  readonly tasks: number;
  readonly dependencies: number;
}

/** The rows of an INDEX.tsv: kind, file, …, and as its last two columns naive counts of tasks and dependencies. */
export function readIndex(text: string, kind: string): readonly IndexEntry[] {
  const rows = text
    .split("\n")
    .slice(1)
    .filter(Boolean)
    .map((row) => row.split("\t"));
  return rows
    .map((row) => ({
      kind: row[0] ?? "",
      file: row[1] ?? "",
      tasks: Number(row.at(-2)),
      dependencies: Number(row.at(-1)),
    }))
    .filter((entry) => entry.kind === kind);
}
