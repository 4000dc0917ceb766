import { join, sep } from "node:path";
import type { JsonObject } from "@orchard/kernel";
import { TRACKER_STREAM } from "@orchard/tracker-core";
import { findPlace, type Place } from "@orchard/workflow";
import { type Flag, fieldAt, laneAsking, whoAsks } from "@orchard/workflow/tasks";
import { worktreeStateFolder } from "@orchard/worktree-git";
import { available, availableInShort } from "../answers/available.ts";
import { layerStatus } from "../answers/layer-status.ts";
import { next } from "../answers/next.ts";
import { trackerField } from "../answers/tracker-field.ts";
import { why } from "../answers/why.ts";
import type { Reply, Told } from "../question.ts";
import type { CommandShape, Given } from "../shape/command-shape.ts";
import { textOf } from "../shape/command-shape.ts";
import { readGiven } from "../shape/read-given.ts";
import type { World } from "../world.ts";
import { currentProgress, type SeenProgress } from "./current-progress.ts";
import { readText } from "./read-text.ts";
import { isCurrent, readView, type ViewHeader } from "./read-view.ts";
import { sealOf } from "./seal.ts";

/**
 * The answer of a command that agents give all day, from the views alone: no store is opened, no git started and nothing
 * is loaded for it. `undefined` when that is not enough for the very answer that the store would give. Throws what the
 * command throws.
 */
export async function hotAnswer(shape: CommandShape, argv: readonly string[], world: World): Promise<Told | undefined> {
  const answer = HOT[shape.name];
  const given = answer === undefined ? undefined : readGiven(shape, argv);
  if (answer === undefined || given === undefined || given.options["start"] === true) return undefined;
  return answer(findPlace(world.cwd), given, world);
}

type Hot = (place: Place, given: Given, world: World) => Promise<Told | undefined>;

const HOT: Readonly<Record<string, Hot>> = {
  "available-tasks": byReply(available, { ofAsker: true }),
  "list-available": byReply(availableInShort, { ofAsker: true }),
  next: byReply(next),
  why: byReply(why),
  "layer-status": byReply(layerStatus),
  tracker: trackerPart,
};

/** `ofAsker`: the answer says nothing of tasks that others are wished for, unless `--any` asks for them. */
function byReply(reply: Reply, { ofAsker = false } = {}): Hot {
  return async (place, given, { environment, now }) => {
    const reader = readerOf(place, given, environment);
    if (reader === "unclear") return undefined;
    const isNarrow = ofAsker && given.options["any"] !== true && laneAsking(environment).only === undefined;
    const seen = await currentProgress(place, isNarrow ? reader.agent : undefined);
    if (seen === undefined) return undefined;
    const answer = reply({ progress: seen.progress, ...reader, environment, now }, given);
    return { answer, flags: flagsIn(seen, worktreeId(place)) };
  };
}

async function trackerPart(place: Place, given: Given): Promise<Told | undefined> {
  if (given.arguments["verb"] !== "get") return undefined;
  const worktree = worktreeId(place);
  const seen = worktree === undefined ? undefined : await currentProgress(place);
  if (worktree !== undefined && seen === undefined) return undefined;
  const content = await currentTracker(place);
  if (content === undefined) return undefined;
  const path = given.arguments["path"];
  const found = path === undefined ? content : fieldAt(content, path);
  return { answer: trackerField(path, found), flags: seen === undefined ? [] : flagsIn(seen, worktree) };
}

async function currentTracker({ stateDir, trackerFile }: Place): Promise<JsonObject | undefined> {
  const seal = sealOf(stateDir, "tracker.json", { files: [trackerFile], settings: null });
  const journal = join(stateDir, "journal");
  if (seal?.kept !== undefined) {
    const { header, content } = JSON.parse(seal.kept) as { header: ViewHeader; content: JsonObject };
    return isCurrent(journal, header, [TRACKER_STREAM]) ? content : undefined;
  }
  const read = seal === undefined ? undefined : readView(trackerFile);
  if (seal === undefined || read === undefined || !isCurrent(journal, read.header, [TRACKER_STREAM])) return undefined;
  const { isAsWritten } = await import("./check-whole.ts");
  if (!isAsWritten(read.body, read.header.checksum)) return undefined;
  const { journal: _, ...content } = read.content as JsonObject;
  seal.keep(() => JSON.stringify({ header: read.header, content }));
  return content;
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
  return readText(join(worktreeStateFolder(repository), "worktree-id"))?.trim();
}

function flagsIn({ outOfStep }: SeenProgress, worktree: string | undefined): readonly Flag[] {
  return worktree === undefined ? [] : ((outOfStep.get(worktree) ?? []) as unknown as readonly Flag[]);
}
