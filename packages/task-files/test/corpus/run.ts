/**
 * `npm run corpus -- FOLDER` (or ORCHARD_CORPUS=FOLDER): reads every task file of a folder that has an INDEX.tsv and
 * prints what was found beside the figures of the index, which a naive counter made, with the reason for a difference.
 * Ends with 1 when a file could not be read or an edge goes nowhere without a finding.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readLayeredTasks } from "../../src/index.ts";
import { explain } from "./explain.ts";
import { readIndex } from "./read-index.ts";

const folder = process.argv[2] ?? process.env["ORCHARD_CORPUS"];
const kind = process.argv[3] ?? "speckit";
if (folder === undefined) {
  console.error("usage: npm run corpus -- FOLDER [KIND]   (a folder with an INDEX.tsv)");
  process.exit(2);
}

let failed = 0;
const sums = { files: 0, counted: 0, tasks: 0, explicit: 0, inferred: 0 };
for (const entry of readIndex(readFileSync(join(folder, "INDEX.tsv"), "utf8"), kind)) {
  const source = readFileSync(join(folder, entry.file));
  const document = readLayeredTasks(source, { inferred: true });
  const explicit = document.edges.filter((edge) => edge.kind === "explicit").length;
  const { reasons, faults } = explain(source, document, entry);
  const inferred = document.edges.length - explicit;
  const difference = document.tasks.length - entry.tasks;
  console.log(`${entry.file.split("/").at(-1)}  (${document.dialect})`);
  console.log(
    `  tasks ${document.tasks.length}, index ${entry.tasks}${difference === 0 ? "" : ` (${signed(difference)})`}`,
  );
  console.log(`  edges ${explicit} explicit, ${inferred} inferred, index ${entry.dependencies}`);
  for (const reason of reasons) console.log(`  - ${reason}`);
  for (const fault of faults) console.log(`  ! ${fault}`);
  failed += faults.length;
  sums.files++;
  sums.counted += entry.tasks;
  sums.tasks += document.tasks.length;
  sums.explicit += explicit;
  sums.inferred += inferred;
}
console.log(
  `\n${sums.files} files: ${sums.tasks} tasks (index ${sums.counted}), ${sums.explicit} explicit and ${sums.inferred} inferred edges, ${failed} faults`,
);
process.exitCode = failed === 0 && sums.files > 0 ? 0 : 1;

function signed(difference: number): string {
  return difference > 0 ? `+${difference}` : String(difference);
}
