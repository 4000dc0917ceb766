import { tellError } from "@orchard/terminal";
import { runBuiltInProbe } from "@orchard/workflow/built-in-probe";

/**
 * The program of a built-in probe's lane: `orch built-in-probe <name>`, in no help because only Orchard starts it. Returns
 * the exit code; what it prints goes to the lane's log.
 */
export async function builtInProbe(name: string): Promise<number> {
  try {
    await runBuiltInProbe(name, process.env, (line) => void process.stdout.write(`${line}\n`));
    return 0;
  } catch (error) {
    return tellError(error, { json: false, verbose: true }, process);
  }
}
