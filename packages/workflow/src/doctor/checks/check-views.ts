import { relative } from "node:path";
import { examineView } from "@orchard/tracker-core";
import { openOrchard, viewsOf } from "../../orchard/open-orchard.ts";
import type { Finding } from "../finding.ts";
import type { Check, Patient } from "../patient.ts";

/** `tracker.json` and the like: pictures of the journal that anybody may read and nobody may edit. */
export const checkViews: Check = {
  name: "views",
  look: async (patient) => {
    const { place } = patient.orchard;
    const findings: Finding[] = [];
    for (const { path } of viewsOf(place, patient.state)) {
      const how = await examineView(path);
      if (how === "whole") continue;
      const shown = relative(place.mainRoot, path);
      findings.push({
        code: `view-${how}`,
        severity: "warning",
        sentence: how === "missing" ? `${shown} is missing.` : `${shown} is damaged or was changed by hand.`,
        todo:
          how === "missing"
            ? "The next command that changes something writes it anew; so does orch doctor --repair."
            : "orch doctor --repair keeps a copy of it and writes it anew. To change a lane's progress: orbit-agent tracker update",
        repair: () => writeAnew(patient, path),
      });
    }
    return findings;
  },
};

async function writeAnew({ orchard }: Patient, view: string) {
  const putAside: string[] = [];
  const report: typeof orchard.ports.report = (event) => {
    const copy = event.type === "warning" ? /kept in (\S.*) and was not used$/.exec(event.text)?.[1] : undefined;
    if (copy?.startsWith(view) === true) putAside.push(copy);
  };
  await using writing = await openOrchard(orchard.place, { ...orchard.ports, report }, { by: "orch doctor" });
  await writing.store.refreshViews();
  return { did: `${relative(orchard.place.mainRoot, view)} was written anew.`, putAside };
}
