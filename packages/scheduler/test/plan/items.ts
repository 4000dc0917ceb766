import fc from "fast-check";
import type { KeptLane, PlanItem } from "../../src/index.ts";

/** An item with sensible defaults; tests name only what they are about. */
export function item(id: string, rest: Partial<PlanItem> = {}): PlanItem {
  return { id, priority: 1, size: 1, files: [], dependsOn: [], ...rest };
}

const FILES = ["src", "src/a.ts", "src/b.ts", "src/deep/c.ts", "docs/", "docs/guide.md", "./README.md", "README.md"];
const NAMES = [
  "todo.src-a",
  "todo.src-b",
  "T9",
  "T10",
  "Grün & blau",
  "..",
  "con",
  "-x",
  "probe.lock",
  "é",
  "a".repeat(90),
];

/** Anything that a probe or a task file may come up with: cycles, unknown and repeated ids, folders, odd names. */
export function anyItems(most = 14): fc.Arbitrary<readonly PlanItem[]> {
  const id = fc.oneof(
    fc.constantFrom(...NAMES),
    fc.nat({ max: 20 }).map((n) => `gap-${n}`),
  );
  const one = fc.record({
    id,
    priority: fc.nat({ max: 2 }),
    size: fc.integer({ min: 1, max: 6 }),
    files: fc.array(
      fc.oneof(
        fc.constantFrom(...FILES),
        fc.nat({ max: 9 }).map((n) => `lib/${n}.ts`),
      ),
      { maxLength: 3 },
    ),
    dependsOn: fc.array(id, { maxLength: 3 }),
    topic: fc.constantFrom(undefined, "tests", "notes"),
    of: fc.constantFrom(undefined, undefined, "001", "002"),
  });
  return fc.array(one, { maxLength: most });
}

export const anyKept: fc.Arbitrary<readonly KeptLane[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom("gap-1", "t9", "hand", "todo.src-a"),
    files: fc.array(fc.constantFrom(...FILES), { maxLength: 2 }),
  }),
  { maxLength: 3, selector: ({ id }) => id },
);
