import { OrchardError } from "@orchard/kernel";
import { nearestWord } from "../input/nearest-word.ts";

export function unknownProbe(name: string, known: readonly string[]): OrchardError {
  const nearest = nearestWord(name, known);
  return new OrchardError({
    code: "UNKNOWN_PROBE",
    kind: "user",
    message: `There is no probe "${name}".`,
    hint: nearest === undefined ? `Probes here: ${known.join(", ")}` : `Did you mean: orch probes ${nearest}`,
    details: { probe: name, known },
  });
}

export function probeOccupied(of: {
  readonly probe: string;
  readonly path: string;
  readonly who: string;
  readonly mainRoot: string;
}): OrchardError {
  return new OrchardError({
    code: "PROBE_OCCUPIED",
    kind: "state",
    message: `Probe "${of.probe}" cannot begin anew, its worktree ${of.path} has to go: ${of.who}.`,
    hint: `Leave that folder, then run it again: cd ${JSON.stringify(of.mainRoot)}`,
    details: { probe: of.probe, path: of.path },
  });
}

export function probeOff(name: string): OrchardError {
  return new OrchardError({
    code: "PROBE_OFF",
    kind: "state",
    message: `Probe "${name}" is switched off in orch.config.jsonc.`,
    hint: `Take "${name}": false out of "probes", then: orch doctor --accept`,
    details: { probe: name },
  });
}

export function generatedFolderUnusable(path: string, why: string): OrchardError {
  return new OrchardError({
    code: "GENERATED_FOLDER",
    kind: "state",
    message: `Probe results cannot be written: ${path} is ${why}.`,
    hint: "Make docs/_generated a plain folder in the repository, commit that, and run the probes again.",
    details: { path },
  });
}
