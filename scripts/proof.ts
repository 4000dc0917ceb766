/** `npm run proof [-- fault …]` causes every fault in its long form and prints what held. Exit 1 when something broke. */
import { join } from "node:path";
import { FAULTS } from "./proof/faults.ts";
import { proofTable } from "./proof/proof-table.ts";
import { type FaultResult, runFault } from "./proof/run-fault.ts";

const asked = process.argv.slice(2);
const unknown = asked.filter((id) => !FAULTS.some((fault) => fault.id === id));
if (unknown.length > 0) {
  console.error(`error: there is no fault "${unknown.join('", "')}". Faults: ${FAULTS.map(({ id }) => id).join(", ")}`);
  process.exit(2);
}
const results: FaultResult[] = [];
for (const fault of FAULTS.filter(({ id }) => asked.length === 0 || asked.includes(id))) {
  console.error(`${fault.id}: ${fault.fault} …`);
  results.push(await runFault(join(import.meta.dirname, ".."), fault));
}
console.log(proofTable(results));
process.exitCode = results.some(({ broken }) => broken.length > 0) ? 1 : 0;
