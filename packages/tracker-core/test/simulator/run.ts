import { parseArgs } from "node:util";
import { runHistory } from "./run-history.ts";

/** `--histories N` runs seeds from `--from` (1) on; `--seed S` replays one. Ends with 1 at the first broken promise. */
const { values } = parseArgs({
  options: { histories: { type: "string" }, from: { type: "string" }, seed: { type: "string" } },
});
const first = Number(values.seed ?? values.from ?? 1);
const count = values.seed === undefined ? Number(values.histories ?? 1000) : 1;
const began = performance.now();
const happened: Record<string, number> = {};
let records = 0;
let steps = 0;
let ran = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const result = await runHistory(seed);
  ran += 1;
  records += result.records;
  steps += result.steps;
  for (const [event, times] of Object.entries(result.happened)) happened[event] = (happened[event] ?? 0) + times;
  if (values.seed !== undefined) console.log(result);
  if (result.broken.length > 0) {
    console.error(`Seed ${seed} breaks: ${result.broken.join("; ")}`);
    console.error(
      `Replay: node --conditions=@orchard/source packages/tracker-core/test/simulator/run.ts --seed ${seed}`,
    );
    process.exitCode = 1;
    break;
  }
  if (count > 5000 && (seed - first + 1) % 5000 === 0)
    console.log(`${seed - first + 1} of ${count} histories kept every promise`);
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${ran} histories, ${records} acknowledged records, ${steps} steps, ${seconds.toFixed(1)} s; ` +
    Object.entries(happened)
      .map(([event, times]) => `${times} × ${event}`)
      .join(", "),
);
