import { fileLocks } from "@orchard/host";

/** Takes a lock and keeps it until it is killed. */
await fileLocks.take(process.argv[2] ?? "", { command: "a command that is killed" });
console.log("held");
setInterval(() => undefined, 1000);
