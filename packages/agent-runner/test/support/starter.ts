// Starts the supervisor of an attempt and stays, with pipes to whoever started it.
import { fileURLToPath } from "node:url";
import { startSupervisor } from "@orchard/agent-runner";

const folder = process.argv[2] ?? "";
const entry = fileURLToPath(new URL("./supervisor.ts", import.meta.url));
const command = [process.execPath, "--conditions=@orchard/source", entry, folder, "supervise"];
await startSupervisor({ command, folder, env: { PATH: process.env["PATH"] ?? "" } });
setInterval(() => process.stdout.write("."), 10);
