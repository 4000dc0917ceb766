import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { isoTime, isSystemError, type JsonObject } from "@orchard/kernel";
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
import { currentProgress, type SeenProgress } from "./current-progress.ts";
import { readCurrentView } from "./read-view.ts";

/**
 * The answer of a command that agents give all day, from the views alone: no store is opened, no git started and nothing
 * is loaded for it. `undefined` when that is not enough for the very answer that the store would give. Throws what the
 * command throws.
 */
export function hotAnswer(shape: CommandShape | undefined, argv: readonly string[]): Told | undefined {
  const given = shape !== undefined && shape.name in HOT ? readGiven(shape, argv) : undefined;
  if (shape === undefined || given === undefined || given.options["start"] === true) return undefined;
  const place = placeHere();
  return place === undefined ? undefined : HOT[shape.name]?.(place, given);
}

type Hot = (place: Place, given: Given) => Told | undefined;

const HOT: Readonly<Record<string, Hot>> = {
  "available-tasks": byReply(available),
  "list-available": byReply(availableInShort),
  next: byReply(next),
  why: byReply(why),
  tracker: trackerPart,
};

function byReply(reply: Reply): Hot {
  return (place, given) => {
    const seen = currentProgress(place);
    if (seen === undefined) return undefined;
    const reader = readerOf(place, given);
    if (reader === "unclear") return undefined;
    const question = { progress: seen.progress, ...reader, environment: process.env, now: isoTime(Date.now()) };
    return { answer: reply(question, given), flags: flagsIn(seen, worktreeId(place)) };
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

function placeHere(): Place | undefined {
  try {
    return findPlace(process.cwd());
  } catch {
    // The store's way tells what is wrong.
    return undefined;
  }
}

/** Who reads; `unclear` in a folder that may be a lane's, whose agent the store knows. Throws `BAD_AGENT_NAME`. */
function readerOf(place: Place, given: Given): { readonly agent: string | undefined } | "unclear" {
  const preset = process.env["ORBIT_AGENT"];
  const text = textOf(given, "agent") ?? textOf(given, "for") ?? (preset === "" ? undefined : preset);
  if (text !== undefined) return { agent: whoAsks({ agent: text, environment: process.env }, undefined) };
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
