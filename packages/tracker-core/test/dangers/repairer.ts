import { rebuildJournal } from "../../src/store/repair/rebuild-journal.ts";
import { counts } from "../store/store-contract.ts";

/** Rebuilds the journal in `folder`: a process that a test kills, stops, or runs beside others. */
const [folder = "", view = ""] = process.argv.slice(2);
const { report } = await rebuildJournal({ folder, views: [view], machineVersion: counts.version ?? 1, againMs: 1 });
console.log(JSON.stringify(report.lost.map(({ seq }) => seq)));
