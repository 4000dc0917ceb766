import { runBuiltInProbe } from "../../src/probes/built-in/index.ts";

/** What an application's own entry does for a built-in probe, from the sources. */
await runBuiltInProbe(process.argv[2] ?? "", process.env, (line) => void process.stdout.write(`${line}\n`));
