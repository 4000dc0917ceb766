import { CONFIG_FILE, readConfig } from "../../config/accepted-config.ts";
import { readSettings } from "../../config/accepted-settings.ts";
import { isConfigUnreadable } from "../../config/errors.ts";
import type { Finding } from "../finding.ts";
import type { Check } from "../patient.ts";

/** Settings that could run a command and were not accepted as they stand; a configuration that cannot be read. */
export const checkSettings: Check = {
  name: "settings",
  look: async ({ orchard: { place } }) => {
    const todo = "Look at it; accept all that changed: orch doctor --accept";
    const findings: Finding[] = [];
    try {
      const { notAccepted } = await readConfig(place);
      findings.push(
        ...notAccepted.map(
          ({ key, accepted, found }): Finding => ({
            code: "setting-not-accepted",
            severity: "warning",
            sentence: `${CONFIG_FILE} changed since it was accepted, and is not used there: ${key}: ${JSON.stringify(accepted)} → ${JSON.stringify(found)}`,
            todo,
          }),
        ),
      );
    } catch (error) {
      if (!isConfigUnreadable(error)) throw error;
      findings.push({
        code: "config-invalid",
        severity: "error",
        sentence: error.message,
        todo: error.code === "INVALID_INPUT" ? "Mend it, then run orch doctor again." : (error.hint ?? ""),
      });
    }
    for (const { key, value, scope } of (await readSettings(place)).notAccepted) {
      findings.push({
        code: "git-setting-not-accepted",
        severity: "warning",
        sentence: `A git setting that runs a program appeared or changed, and is not run: ${scope} ${key}: ${value}`,
        todo,
      });
    }
    return findings;
  },
};
