import { OrchardError } from "@orchard/kernel";

export const notOurScript = (path: string) =>
  new OrchardError({
    code: "NOT_OUR_SCRIPT",
    kind: "state",
    message: `${path} is there already and was not written by orch setup seed; it stays as it is.`,
    hint: "Move it to another name, then: orch setup seed",
  });
