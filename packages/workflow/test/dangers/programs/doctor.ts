import { examine, findPlace } from "../../../src/index.ts";
import { testPorts } from "../../ports.ts";

/** `orch doctor --repair` as a process that a test kills, or runs beside others. Prints the codes that are left. */
const { findings } = await examine(findPlace(process.argv[2] ?? ""), testPorts(), { repair: true, by: "doctor" });
const left = findings.filter(({ severity, repaired }) => severity !== "info" && repaired === undefined);
console.log(JSON.stringify(left.map(({ code, sentence }) => `${code}: ${sentence}`)));
