import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, writeDurable } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { type ExecutableSetting, notAccepted, readExecutableSettings } from "@orchard/worktree-git";
import type { Place } from "../orchard/place.ts";

/**
 * The git settings (filters, drivers, hooks …) that stood there when the person last looked: only those may run
 * a program on our behalf. Kept in the git common dir, where `init` and `doctor --accept` write them.
 */
export async function readAcceptedSettings(place: Place): Promise<readonly ExecutableSetting[]> {
  try {
    return JSON.parse(await readFile(settingsPath(place), "utf8")) as readonly ExecutableSetting[];
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}

/** The git settings that could run a program. */
export interface SettingsReading {
  readonly settings: readonly ExecutableSetting[];
  /** Those that appeared or changed since they were accepted; they run nothing until they are. */
  readonly notAccepted: readonly ExecutableSetting[];
}

/** Reads them as they stand now. */
export async function readSettings(place: Place): Promise<SettingsReading> {
  const settings = await readExecutableSettings({ place: place.repository });
  return { settings, notAccepted: notAccepted(settings, await readAcceptedSettings(place)) };
}

/** Takes the git settings as they were read, and shown, as accepted, whatever was before; durable when it returns. */
export async function acceptSettings(place: Place, { settings }: Pick<SettingsReading, "settings">): Promise<void> {
  await mkdir(join(place.stateDir, "config"), { recursive: true, mode: 0o700 });
  await writeDurable(nodeFiles, settingsPath(place), `${JSON.stringify(settings, null, 2)}\n`);
}

function settingsPath(place: Place): string {
  return join(place.stateDir, "config", "accepted-git-settings.json");
}
