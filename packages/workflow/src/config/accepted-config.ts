import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, readWhole, writeDurable } from "@orchard/host";
import { canonicalJson, isOrchardError } from "@orchard/kernel";
import { invalidInput } from "../errors.ts";
import { parseJsonInput } from "../input/parse-json-input.ts";
import { pathExists } from "../orchard/path-exists.ts";
import type { Place } from "../orchard/place.ts";
import { type Config, configInForce } from "./config.ts";
import { type ConfigFile, configSchema, TRUSTED_KEYS } from "./config-schema.ts";
import { acceptedUnreadable } from "./errors.ts";

/** The configuration's file, relative to the main checkout. */
export const CONFIG_FILE = "orch.config.jsonc";

/** The configuration in force, and what of its file is not. */
export interface ConfigReading {
  readonly config: Config;
  /** The trusted settings that were accepted, as they were written. */
  readonly accepted: readonly { readonly key: string; readonly value: unknown }[];
  /** Trusted settings that differ from the accepted ones; they are not used until `orch doctor --accept`. */
  readonly notAccepted: readonly { readonly key: string; readonly accepted: unknown; readonly found: unknown }[];
  /** The file's text; nothing when it is missing. */
  readonly text: string;
  /** sha256 of the text. */
  readonly hash: string;
}

/**
 * Throws `INVALID_INPUT` naming every line of `orch.config.jsonc` that is wrong, and `ACCEPTED_CONFIG_UNREADABLE` where the
 * accepted copy cannot be read, because another version of Orchard wrote it say; `anew`: then as if nothing was accepted yet.
 */
export async function readConfig(
  place: Place,
  { anew = false }: { readonly anew?: boolean } = {},
): Promise<ConfigReading> {
  const text = await readCurrent(place);
  const current = parseConfig(text, CONFIG_FILE);
  const accepted = await readAccepted(place, anew);
  const notAccepted = TRUSTED_KEYS.filter((key) => canonicalJson(current[key]) !== canonicalJson(accepted[key])).map(
    (key) => ({ key, accepted: accepted[key] ?? null, found: current[key] ?? null }),
  );
  const set = TRUSTED_KEYS.filter((key) => accepted[key] !== undefined).map((key) => ({ key, value: accepted[key] }));
  return { config: configInForce(accepted, current), accepted: set, notAccepted, text, hash: hashOf(text) };
}

/**
 * Keeps a copy of the configuration as it was read, and shown, in the git common dir, out of reach of every lane: its
 * commands may run from now on. Returns the hash of its text.
 */
export async function acceptConfig(place: Place, { text }: Pick<ConfigReading, "text">): Promise<string> {
  await mkdir(join(place.stateDir, "config"), { recursive: true, mode: 0o700 });
  await writeDurable(nodeFiles, acceptedPath(place), text);
  return hashOf(text);
}

async function readAccepted(place: Place, anew: boolean): Promise<ConfigFile> {
  try {
    return parseConfig(await readIfThere(acceptedPath(place)), "the accepted configuration");
  } catch (error) {
    if (!isOrchardError(error, "INVALID_INPUT")) throw error;
    if (anew) return {};
    throw acceptedUnreadable(error.message, error);
  }
}

/** Why nobody could read `text` as a configuration; `undefined` when it can be read. */
export function whyNoConfig(text: string): string | undefined {
  try {
    parseConfig(text, CONFIG_FILE);
    return undefined;
  } catch (error) {
    if (!isOrchardError(error, "INVALID_INPUT")) throw error;
    return error.message;
  }
}

function acceptedPath(place: Place): string {
  return join(place.stateDir, "config", "accepted.jsonc");
}

function parseConfig(text: string, name: string): ConfigFile {
  return text.trim() === "" ? {} : parseJsonInput(text, configSchema, { name, comments: true });
}

async function readCurrent(place: Place): Promise<string> {
  return readIfThere(join(place.mainRoot, CONFIG_FILE));
}

async function readIfThere(path: string): Promise<string> {
  const bytes = await readWhole(nodeFiles, path);
  if (bytes === undefined && (await pathExists(path))) {
    throw invalidInput(path, [{ field: "", message: "is a folder, a pipe or a device, and no file" }]);
  }
  return bytes?.toString("utf8") ?? "";
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
