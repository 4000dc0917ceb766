import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { type Garden, garden } from "../harness.ts";
import { testPorts } from "../ports.ts";
import { freeRange } from "./ports-for-tests.ts";

/** A {@link garden} whose ports come from a registry and a range of the test's own. */
export async function equippedGarden(
  options: Parameters<typeof garden>[0] & { readonly ports?: never; readonly range?: number } = {},
): Promise<Garden & { readonly registry: string; readonly environment: NodeJS.ProcessEnv }> {
  const folder = temporaryFolder();
  const { first, last } = await freeRange(options.range ?? 20);
  const environment = {
    ...testPorts().environment,
    HOME: folder.path,
    ORCH_PORT_RANGE: `${first}-${last}`,
  };
  const registry = join(folder.path, ".local", "state", "orchard", "ports");
  mkdirSync(registry, { recursive: true });
  const made = await garden({ ...options, ports: { environment } });
  const leave = made[Symbol.asyncDispose];
  return Object.assign(made, {
    registry,
    environment,
    [Symbol.asyncDispose]: async () => {
      await leave();
      folder[Symbol.dispose]();
    },
  });
}
