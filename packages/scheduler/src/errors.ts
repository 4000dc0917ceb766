import { OrchardError } from "@orchard/kernel";

/** A question about a node that the graph does not have. */
export function unknownNode(id: string): OrchardError {
  return new OrchardError({
    code: "UNKNOWN_NODE",
    kind: "user",
    message: `${JSON.stringify(id)} is not in the plan.`,
    hint: "Check the spelling; `orch status` lists the lanes.",
    details: { id },
  });
}
