/**
 * The demo's agent: a program of its own, started like any other agent, with the prompt on its standard input.
 * It writes file after file, runs the tests as it goes, and commits. No model and no network.
 */
export const AGENT_SCRIPT = `import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as think } from "node:timers/promises";

const { writes, pace, failsFirst } = JSON.parse(readFileSync(process.argv[2], "utf8"))[process.env.ORCH_LANE];
const prompt = readFileSync(0, "utf8");
console.log("My task: " + prompt.match(/1\\. (.*)/)?.[1]);
let step = 0;
for (const [file, content] of Object.entries(writes)) {
  await think(pace);
  console.log("writing " + file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  execFileSync("git", ["add", file]);
  execFileSync("git", ["commit", "-q", "--allow-empty", "-m", process.env.ORCH_LANE + ": " + file]);
  if (failsFirst && ++step === 1 && !prompt.includes("## Attempt 2")) {
    console.error("I lost my way and give up.");
    process.exit(1);
  }
}
await think(pace);
console.log("running the tests");
execFileSync(process.execPath, ["--test"], { stdio: "ignore" });
console.log("done");
`;
