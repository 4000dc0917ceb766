import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { isOrchardError } from "@orchard/kernel";
import { openFileStore } from "@orchard/tracker-core";
import { optionsFor } from "./updates.ts";

/**
 * A writer in a process of its own. Says `+<id>` on stdout, in one write, once an update is acknowledged; `ready` first, and
 * waits for a line on stdin when `--wait` is given.
 */
const { values } = parseArgs({
  options: {
    folder: { type: "string" },
    name: { type: "string" },
    count: { type: "string" },
    wait: { type: "boolean" },
  },
});
const { folder = "", name = "" } = values;
const store = await openFileStore(optionsFor(folder, name));
if (values.wait === true) {
  writeSync(1, "ready\n");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  process.stdin.destroy();
}
const waits: number[] = [];
for (let n = 0; n < Number(values.count ?? Number.POSITIVE_INFINITY); n += 1) {
  const id = `${name}.${n}`;
  const began = performance.now();
  await update(id);
  waits.push(performance.now() - began);
  writeSync(1, `+${id}\n`);
}
await store.close();
writeSync(1, `longest ${Math.ceil(Math.max(...waits))} ms\n`);

/** On a machine that is busy with other things nobody may win for seconds: then it is asked for again, and said so. */
async function update(id: string): Promise<void> {
  try {
    await store.transact({ stream: "updates", id, describe: `update ${id}` }, ({ done }) => ({
      facts: [{ type: "updated", name }],
      outcome: done[name] ?? 0,
    }));
  } catch (error) {
    if (!isOrchardError(error, "STORE_BUSY")) throw error;
    writeSync(1, "busy\n");
    await update(id);
  }
}
