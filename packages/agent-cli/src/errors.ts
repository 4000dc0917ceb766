import { OrchardError, printableLine } from "@orchard/kernel";

export function badChoice(option: string, given: string, choices: readonly string[]): OrchardError {
  return new OrchardError({
    code: "BAD_CHOICE",
    kind: "user",
    message: `${option} cannot be "${printableLine(given, 80)}".`,
    hint: `It can be: ${choices.join(", ")}.`,
    details: { option, given: given.slice(0, 200), choices },
  });
}

export function missingOption(option: string, why: string): OrchardError {
  return new OrchardError({
    code: "USAGE",
    kind: "user",
    message: `${option} is missing: ${why}.`,
    hint: 'For example: --reason "…"',
    details: { option },
  });
}

export function optionsExclude(one: string, other: string): OrchardError {
  return new OrchardError({
    code: "USAGE",
    kind: "user",
    message: `${one} and ${other} cannot be given together.`,
    hint: "Give one of them.",
    details: { options: [one, other] },
  });
}

export function emptyText(option: string): OrchardError {
  return new OrchardError({
    code: "USAGE",
    kind: "user",
    message: `${option} is empty, or longer than 2,000 characters.`,
    hint: "Say it in a sentence.",
    details: { option },
  });
}

export function noSuchField(path: string): OrchardError {
  return new OrchardError({
    code: "NO_SUCH_FIELD",
    kind: "user",
    message: `The tracker has no field "${printableLine(path, 80)}".`,
    hint: "See what it has: orbit-agent tracker get",
    details: { path: path.slice(0, 200) },
  });
}
