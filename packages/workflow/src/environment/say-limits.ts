import { agentEnvironment, limitCommand } from "@orchard/agent-runner";
import type { Orchard } from "../orchard/open-orchard.ts";
import { processLimits } from "./command-environment.ts";

/** Says of the limits that the configuration asks for which this machine does not keep, or not as one would think. */
export async function sayLimits({ config: settings, ports }: Orchard): Promise<void> {
  const { config } = await settings();
  const env = agentEnvironment(ports.environment, {});
  for (const text of limitCommand([], processLimits(config), { env }).remarks) {
    ports.report({
      type: "warning",
      text: `limits: ${text}`,
      hint: 'What each system keeps: Orchard\'s guide "Environments", under Limits',
    });
  }
}
