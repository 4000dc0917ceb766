import type { Command, Lane } from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";

/** What the combined tree of a lane must pass: the configuration's commands and the lane's own, each once. */
export async function verifyCommands(driver: Driver, lane: Lane): Promise<readonly Command[]> {
  const { config } = await driver.orchard.config();
  const all = [...config.verify, ...(lane.definition.verify ?? [])];
  return [...new Map(all.map((command) => [JSON.stringify(command), command])).values()];
}
