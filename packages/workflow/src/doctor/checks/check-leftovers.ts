import { removeStrayFiles, strayFiles } from "../../gc/stray-files.ts";
import type { Check } from "../patient.ts";

/** Files that a writer left when it was killed; nothing reads them. */
export const checkLeftovers: Check = {
  name: "leftovers",
  look: async ({ orchard }) => {
    const found = await strayFiles(orchard.place);
    if (found.length === 0) return [];
    return [
      {
        code: "leftovers",
        severity: "warning",
        sentence: `${found.length} ${found.length === 1 ? "file was" : "files were"} left by writers that were killed: ${found.slice(0, 3).join(", ")}${found.length > 3 ? ", …" : ""}`,
        todo: "orch doctor --repair (or orch gc) removes them; they hold nothing that anybody reads.",
        repair: async () => {
          const removed = await removeStrayFiles(orchard.place);
          return { did: `${removed.length} ${removed.length === 1 ? "file was" : "files were"} removed.` };
        },
      },
    ];
  },
};
