import { writeSync } from "node:fs";
import { journal, lockfile } from "./sides.ts";

/** One long-lived process: updates the state as often as it can for a while, then says how that went. */
const [side = "", folder = "", name = "", bytes = "", seconds = "", slowMs = "0"] = process.argv.slice(2);
const state = await (side === "journal" ? journal : lockfile).open(folder, Number(bytes));
writeSync(1, "ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
process.stdin.destroy();
const waits: number[] = [];
const end = performance.now() + Number(seconds) * 1000;
while (performance.now() < end) {
  const began = performance.now();
  await state.update(name, Number(slowMs));
  waits.push(performance.now() - began);
}
await state.close();
writeSync(1, `${JSON.stringify(waits.map((wait) => Math.round(wait * 100) / 100))}\n`);
