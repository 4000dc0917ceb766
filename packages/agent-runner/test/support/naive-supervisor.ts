// What a supervisor must not do: start the agent first, write it down then. It dies in between.
import { spawn } from "node:child_process";

spawn("sleep", ["600"], { detached: true, stdio: "ignore", env: { ...process.env, ORCH_ATTEMPT: process.argv[2] } });
process.kill(process.pid, "SIGKILL");
