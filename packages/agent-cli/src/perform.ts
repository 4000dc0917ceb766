import { printWhole, safeText } from "@orchard/terminal";
import { actionOf } from "./commands/action-of.ts";
import { sayTold } from "./say/say-told.ts";
import type { CommandShape, Given } from "./shape/command-shape.ts";
import { surroundings } from "./surroundings.ts";
import type { World } from "./world.ts";

/** Does what a command line asks for, prints the answer with its notices, and returns the exit code. */
export async function perform(shape: CommandShape, given: Given, world: World): Promise<number> {
  await using around = surroundings(world, given, shape.name);
  const act = await actionOf(shape.name);
  const answer = await act(around, given);
  // What was done stays done, whether or not the notices can be read.
  const flags = await around.flags().catch(() => []);
  const { stdout, stderr, exitCode } = sayTold({ answer, flags }, given.options["json"] === true, safeText);
  await printWhole(process.stdout, stdout);
  process.stderr.write(stderr);
  return exitCode;
}
