import fc from "fast-check";
import type { NodeState, WorkNode } from "../src/index.ts";

/** A node with sensible defaults; tests name only what they are about. */
export function node(id: string, dependsOn: readonly string[] = [], rest: Partial<WorkNode> = {}): WorkNode {
  return { id, dependsOn, priority: 1, parallel: true, weight: 1, ...rest };
}

/** A state function that says `waiting` for every id that is not named. */
export function states(named: Readonly<Record<string, NodeState>>): (id: string) => NodeState {
  return (id) => named[id] ?? "waiting";
}

/** Any plan of up to `most` nodes: cycles, self-dependencies, unknown and repeated dependencies included. */
export function anyPlan(most = 8): fc.Arbitrary<readonly WorkNode[]> {
  return fc
    .integer({ min: 1, max: most })
    .chain((size) =>
      fc.tuple(...Array.from({ length: size }, (_, i) => anyNode(i, fc.nat({ max: size })))).map((nodes) => nodes),
    );
}

/** A plan without cycles and unknown ids; half of the time written in an order in which dependents come first. */
export function soundPlan(most = 10): fc.Arbitrary<readonly WorkNode[]> {
  return fc
    .integer({ min: 1, max: most })
    .chain((size) =>
      fc.tuple(...Array.from({ length: size }, (_, i) => anyNode(i, fc.nat({ max: Math.max(0, i - 1) }), i > 0))),
    )
    .chain((nodes) => fc.boolean().map((backwards) => (backwards ? nodes.toReversed() : nodes)));
}

export const anyState: fc.Arbitrary<NodeState> = fc.constantFrom("waiting", "running", "done", "failed", "held");

function anyNode(i: number, dependency: fc.Arbitrary<number>, mayDepend = true): fc.Arbitrary<WorkNode> {
  return fc.record({
    id: fc.constant(`n${i}`),
    dependsOn: mayDepend
      ? fc.array(
          dependency.map((d) => `n${d}`),
          { maxLength: 4 },
        )
      : fc.constant([]),
    priority: fc.nat({ max: 3 }),
    parallel: fc.boolean(),
    weight: fc.integer({ min: 1, max: 5 }),
  });
}
