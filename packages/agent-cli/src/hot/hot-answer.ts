import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { isSystemError, type JsonObject } from "@orchard/kernel";
import { TRACKER_STREAM } from "@orchard/tracker-core";
import { findPlace, type Place } from "@orchard/workflow";
import { type Flag, fieldAt, whoAsks } from "@orchard/workflow/tasks";
import { worktreeStateFolder } from "@orchard/worktree-git";
import { available, availableInShort } from "../answers/available.ts";
import { next } from "../answers/next.ts";
import { trackerField } from "../answers/tracker-field.ts";
import { why } from "../answers/why.ts";
import type { Reply, Told } from "../question.ts";
import type { CommandShape, Given } from "../shape/command-shape.ts";
import { textOf } from "../shape/command-shape.ts";
import { readGiven } from "../shape/read-given.ts";
import type { World } from "../world.ts";
import { currentProgress, type SeenProgress } from "./current-progress.ts";
import { readCurrentView } from "./read-view.ts";

/**
 * The answer of a command that agents give all day, from the views alone: no store is opened, no git started and nothing
 * is loaded for it. `undefined` when that is not enough for the very answer that the store would give. Throws what the
 * command throws.
 */
export function hotAnswer(shape: CommandShape, argv: readonly string[], world: World): Told | undefined {
  const answer = HOT[shape.name];
  const given = answer === undefined ? undefined : readGiven(shape, argv);
  if (answer === undefined || given === undefined || given.options["start"] === true) return undefined;
  return answer(findPlace(world.cwd), given, world);
}

type Hot = (place: Place, given: Given, world: World) => Told | undefined;

const HOT: Readonly<Record<string, Hot>> = {
  "available-tasks": byReply(available),
  "list-available": byReply(availableInShort),
  next: byReply(next),
  why: byReply(why),
  tracker: trackerPart,
};

function byReply(reply: Reply): Hot {
  return (place, given, { environment, now }) => {
    const seen = currentProgress(place);
    if (seen === undefined) return undefined;
    const reader = readerOf(place, given, environment);
    if (reader === "unclear") return undefined;
    const answer = reply({ progress: seen.progress, ...reader, environment, now }, given);
    return { answer, flags: flagsIn(seen, worktreeId(place)) };
  };
}

function trackerPart(place: Place, given: Given): Told | undefined {
  if (given.arguments["verb"] !== "get") return undefined;
  const worktree = worktreeId(place);
  const seen = worktree === undefined ? undefined : currentProgress(place);
  if (worktree !== undefined && seen === undefined) return undefined;
  const view = readCurrentView(join(place.stateDir, "journal"), place.trackerFile, [TRACKER_STREAM]);
  if (view === undefined) return undefined;
  const { journal: _, ...content } = view as JsonObject;
  const path = given.arguments["path"];
  const found = path === undefined ? content : fieldAt(content, path);
  return { answer: trackerField(path, found), flags: seen === undefined ? [] : flagsIn(seen, worktree) };
}

/** Who reads; `unclear` in a folder that may be a lane's, whose agent the store knows. Throws `BAD_AGENT_NAME`. */
function readerOf(
  place: Place,
  given: Given,
  environment: NodeJS.ProcessEnv,
): { readonly agent: string | undefined } | "unclear" {
  const preset = environment["ORBIT_AGENT"];
  const text = textOf(given, "agent") ?? textOf(given, "for") ?? (preset === "" ? undefined : preset);
  if (text !== undefined) return { agent: whoAsks({ agent: text, environment }, undefined) };
  return place.repository.worktreeRoot.startsWith(place.worktreesDir + sep) ? "unclear" : { agent: undefined };
}

function worktreeId({ repository }: Place): string | undefined {
  try {
    return readFileSync(join(worktreeStateFolder(repository), "worktree-id"), "utf8").trim();
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

function flagsIn({ outOfStep }: SeenProgress, worktree: string | undefined): readonly Flag[] {
  return worktree === undefined ? [] : ((outOfStep.get(worktree) ?? []) as unknown as readonly Flag[]);
}
