export { runBuiltInProbe } from "./run-built-in-probe.ts";
