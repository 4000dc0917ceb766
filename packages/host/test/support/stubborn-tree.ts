// An agent as agents are: `stubborn-tree.ts <file>` starts a child in its group, one in a session of its own, and one
// that is orphaned by a double fork in a session of its own, all without descriptors, all deaf to SIGTERM. Each appends
// its role and pid to <file> once it is deaf. `QUIT=1`: the first process ends when the others are there.
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const [file = "", role = "root"] = process.argv.slice(2);
const start = (next: string, detached: boolean): void =>
  spawn(process.execPath, [import.meta.filename, file, next], { detached, stdio: "ignore" }).unref();

if (role === "between") {
  start("orphan", true);
  process.exit(0);
}
process.on("SIGTERM", () => undefined);
if (role === "root") {
  start("child", false);
  start("session", true);
  start("between", true);
}
appendFileSync(file, `${role} ${process.pid}\n`);
while (role !== "root" || process.env["QUIT"] !== "1" || readFileSync(file, "utf8").split("\n").length < 5) {
  await pause(20);
}
