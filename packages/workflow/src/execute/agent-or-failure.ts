import { isOrchardError } from "@orchard/kernel";
import type { Lane } from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";
import { type AgentChoice, chooseAgent } from "./agent-choice.ts";
import { failAttempt } from "./fail-attempt.ts";

const REFUSALS = ["NO_AGENT", "UNKNOWN_AGENT", "UNKNOWN_PROBE"];

/** The agent of the lane; `undefined`: none can be had, and the lane has failed by itself with that reason on record. */
export async function agentOrFailure(
  driver: Driver,
  lane: Lane,
  wanted: string | undefined,
): Promise<AgentChoice | undefined> {
  try {
    return await chooseAgent(driver.orchard, lane, wanted);
  } catch (error) {
    if (!isOrchardError(error) || !REFUSALS.includes(error.code)) throw error;
    const reason = `${error.message} ${error.hint ?? ""}`.trim();
    await failAttempt(driver, lane, { cause: "no-agent", reason, final: true });
    return undefined;
  }
}
