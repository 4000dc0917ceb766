#!/usr/bin/env node
import { run } from "./run.ts";

// Not awaited at the top: the bundle is a script, which starts sooner than a module.
void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code === 0 ? (process.exitCode ?? 0) : code;
});
