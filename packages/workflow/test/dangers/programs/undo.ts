import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { isOrchardError } from "@orchard/kernel";
import { requireHome } from "@orchard/tracker-core";
import {
  asOperation,
  besideDriver,
  findPlace,
  newOperationId,
  openOrchard,
  undoOperations,
} from "../../../src/index.ts";
import { carryOutUndo } from "../../../src/undo/carry-out-undo.ts";
import { chooseOperations } from "../../../src/undo/choose-operations.ts";
import { planUndo } from "../../../src/undo/plan-undo.ts";
import { readOperations } from "../../../src/undo/read-operations.ts";
import { testPorts } from "../../ports.ts";

/**
 * `orch undo --yes` in the repository of the first argument; with a second one it waits until that file is there. `broken`
 * as the third: the undo is not announced before its first step.
 */
const [path = "", barrier = "", broken = ""] = process.argv.slice(2);
await using orchard = await openOrchard(findPlace(path), testPorts(), { by: `undo ${process.pid}` });
requireHome(await orchard.tracker());
const worker = besideDriver(orchard, new AbortController().signal);
while (barrier !== "" && !existsSync(barrier)) await pause(5);
console.log(JSON.stringify(broken === "broken" ? await unannounced() : await announced()));

async function announced() {
  try {
    const { kind } = await undoOperations(worker, { last: 1 }, { dryRun: false, revert: false });
    return { kind };
  } catch (error) {
    if (isOrchardError(error)) return { kind: "refused", code: error.code };
    throw error;
  }
}

async function unannounced() {
  const id = newOperationId("undo", orchard.ports.token());
  const chosen = chooseOperations(await readOperations(orchard), { last: 1 });
  const { plan } = await planUndo(worker, chosen, { id, revert: false, asked: "orch undo" });
  await carryOutUndo({ ...worker, orchard: asOperation(orchard, id) }, plan);
  return { kind: "undone" };
}
