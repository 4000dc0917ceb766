import { printWhole, safeText, tellError, troubleTeller } from "@orchard/terminal";
import { actionOf } from "./commands/action-of.ts";
import { sayTold } from "./say/say-told.ts";
import type { CommandShape, Given } from "./shape/command-shape.ts";
import { surroundings } from "./surroundings.ts";
import type { World } from "./world.ts";

/** Does what a command line asks for, prints the answer with its notices, or what went wrong; returns the exit code. */
export async function perform(shape: CommandShape, given: Given, world: World): Promise<number> {
  // Work goes on when the terminal is gone or nobody reads what it tells.
  process.stderr.on("error", () => undefined);
  try {
    return await answered(shape, given, world);
  } catch (error) {
    const how = { json: given.options["json"] === true, verbose: given.options["verbose"] === true };
    return tellError(error, how, process);
  }
}

async function answered(shape: CommandShape, given: Given, world: World): Promise<number> {
  await using around = surroundings(world, given, shape.name);
  const act = await actionOf(shape.name);
  const json = given.options["json"] === true;
  const trouble = troubleTeller(process);
  try {
    const answer = await act(around, given).finally(async () => trouble.note(await around.trouble()));
    // What was done stays done, whether or not the notices can be read.
    const flags = await around.flags().catch(() => []);
    const { stdout, stderr, exitCode } = sayTold({ answer: trouble.marked(answer), flags }, json, safeText);
    await printWhole(process.stdout, stdout);
    process.stderr.write(stderr);
    return exitCode;
  } catch (error) {
    return trouble.instead(error, { json });
  }
}
