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

/** Takes the git settings that stand there now as accepted, whatever was before; durable when it returns. */
export async function acceptSettings(place: Place): Promise<void> {
  const settings = await readExecutableSettings({ place: place.repository });
  await mkdir(join(place.stateDir, "config"), { recursive: true, mode: 0o700 });
  await writeDurable(nodeFiles, settingsPath(place), `${JSON.stringify(settings, null, 2)}\n`);
}

/** Git settings that appeared or changed since; they run nothing until accepted. */
export async function settingsNotAccepted(place: Place): Promise<readonly ExecutableSetting[]> {
  const now = await readExecutableSettings({ place: place.repository });
  return notAccepted(now, await readAcceptedSettings(place));
}

function settingsPath(place: Place): string {
  return join(place.stateDir, "config", "accepted-git-settings.json");
}
