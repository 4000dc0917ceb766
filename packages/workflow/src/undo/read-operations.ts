import type { LaneId } from "@orchard/kernel";
import {
  EMPTY_TRACKER,
  evolveTracker,
  findLane,
  type JournalRecord,
  SPEC_STREAM,
  TRACKER_STREAM,
  type Tracker,
  type TrackerFact,
  type UndoPlan,
} from "@orchard/tracker-core";
import { landedRef, parseRef } from "@orchard/worktree-git";
import { activeDriver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import type { ChangedLane, LandedLane, Operation, OperationChanges } from "./operation.ts";

/** What the journal holds, operation by operation. */
export interface Operations {
  /** Oldest first. */
  readonly list: readonly Operation[];
  /** The tracker that they add up to. */
  readonly tracker: Tracker;
  /** Number of the newest record that emptied the tracker; what came before it is not taken back. */
  readonly resetSeq?: number | undefined;
  /** Where what has landed stands, when a landing that was moved back could move forward again. */
  readonly landed?: string | undefined;
  /** The journal begins with the first record there ever was, so that what was before each is known. */
  readonly isWhole: boolean;
}

/** Every operation that the journal holds, from one reading of it. Records of no operation are one each. */
export async function readOperations(orchard: Orchard): Promise<Operations> {
  const drafts = new Map<string, Draft>();
  const announced = new Map<LaneId, string>();
  const known = await orchard.tracker();
  let tracker: Tracker = EMPTY_TRACKER;
  let resetSeq: number | undefined;
  let first: number | undefined;
  for await (const record of orchard.store.history()) {
    first ??= record.seq;
    if (record.stream !== TRACKER_STREAM && record.stream !== SPEC_STREAM) continue;
    const draft = draftOf(drafts, record);
    if (record.stream === SPEC_STREAM) {
      draft.other.add("tasks");
      continue;
    }
    for (const fact of record.facts as unknown as readonly TrackerFact[]) {
      if (fact.type === "tracker-reset") resetSeq = record.seq;
      const after = evolveTracker(tracker, fact, record.at);
      note(draft, fact, { before: tracker, after, announced });
      tracker = after;
    }
  }
  const isWhole = first === 1;
  const list = finished(drafts, activeDriver(known)?.epoch);
  return { list, tracker: isWhole ? tracker : known, resetSeq, landed: await landedFor(orchard, list), isWhole };
}

async function landedFor(orchard: Orchard, list: readonly Operation[]): Promise<string | undefined> {
  const { home } = await orchard.tracker();
  const isAsked = list.some(({ undoneBy, undoes }) => undoneBy === undefined && undoes?.landing?.how === "rewind");
  if (home === undefined || !isAsked) return undefined;
  return (await orchard.repository()).resolve(landedRef(parseRef(home.base)));
}

interface Draft {
  readonly id: string;
  readonly record: JournalRecord;
  until: JournalRecord;
  records: number;
  readonly said: string[];
  readonly lanes: Map<LaneId, ChangedLane>;
  readonly landed: LandedLane[];
  readonly unlanded: LandedLane[];
  readonly removed: { readonly lane: LaneId; readonly number: number; readonly path: string }[];
  readonly restored: { readonly lane: LaneId; readonly path: string }[];
  readonly prepared: Set<LaneId>;
  readonly worked: Set<LaneId>;
  readonly other: Set<OperationChanges["other"] extends ReadonlySet<infer Word> ? Word : never>;
  /** Of the driver that it began. */
  epoch?: number;
  intended?: UndoPlan;
  undoes?: UndoPlan;
}

/** So many sentences are kept of an operation. */
const SAID = 50;

function draftOf(drafts: Map<string, Draft>, record: JournalRecord): Draft {
  const id = record.operation ?? `record-${record.seq}`;
  const draft: Draft = drafts.get(id) ?? {
    id,
    record,
    until: record,
    records: 0,
    said: [],
    lanes: new Map(),
    landed: [],
    unlanded: [],
    removed: [],
    restored: [],
    prepared: new Set(),
    worked: new Set(),
    other: new Set(),
  };
  drafts.set(id, draft);
  draft.until = record;
  draft.records += 1;
  if (draft.said.length < SAID) draft.said.push(record.describe);
  return draft;
}

interface Seen {
  readonly before: Tracker;
  readonly after: Tracker;
  /** The commit that a lane's own landing moves what has landed to, until it is on record. */
  readonly announced: Map<LaneId, string>;
}

function note(draft: Draft, fact: TrackerFact, { before, after, announced }: Seen): void {
  switch (fact.type) {
    case "lane-added":
    case "lane-withdrawn":
    case "lane-put-back":
    case "retry-requested":
    case "worktree-updated":
      noteLane(draft, fact.lane, before, after);
      return;
    case "lane-stopped": {
      const wasWaiting = ["pending", "retrying", "parked"].includes(findLane(before, fact.lane)?.state ?? "");
      if (wasWaiting) noteLane(draft, fact.lane, before, after);
      else draft.worked.add(fact.lane);
      return;
    }
    case "lane-preparing":
      draft.prepared.add(fact.lane);
      draft.worked.add(fact.lane);
      return;
    case "attempt-intended":
    case "attempt-started":
    case "attempt-ended":
    case "lane-completed":
    case "attempt-failed":
      draft.worked.add(fact.lane);
      return;
    case "landing-intended":
      if (fact.candidate === fact.from) announced.delete(fact.lane);
      else announced.set(fact.lane, fact.candidate);
      return;
    case "landing-abandoned":
      announced.delete(fact.lane);
      return;
    case "lane-landed": {
      const { lane, head, commit, verified } = fact;
      // Of work that was contained already nothing has moved: the commit there is the landing of another.
      const isOwn = announced.get(lane) === commit;
      announced.delete(lane);
      if (isOwn || draft.intended !== undefined) draft.landed.push({ lane, head, commit, verified });
      return;
    }
    case "landing-undone": {
      const merge = findLane(before, fact.lane)?.merge;
      const { lane, head, commit } = fact;
      const { verified = false, evidence } = merge?.state === "landed" ? merge : {};
      draft.unlanded.push({ lane, head, commit, verified, ...(evidence === undefined ? {} : { evidence }) });
      return;
    }
    case "worktree-removed": {
      const { lane, number, path } = fact;
      if (findLane(before, lane)?.worktree?.path === path) draft.removed.push({ lane, number, path });
      else draft.other.add("resolve");
      return;
    }
    case "worktree-restored":
      draft.restored.push({ lane: fact.lane, path: fact.path });
      return;
    case "driver-started":
      draft.epoch = fact.epoch;
      return;
    case "undo-intended":
      draft.intended = fact.undo;
      return;
    case "undo-ended":
      noteEnded(draft, fact, before);
      return;
    case "tracker-initialized":
      draft.other.add("init");
      return;
    case "tracker-reset":
      draft.other.add("reset");
      return;
    case "config-accepted":
      draft.other.add("config");
      return;
    case "base-merged":
      draft.other.add(LANDED_LAYER.test(draft.until.describe) ? "layer" : "base");
      return;
    default:
      return;
  }
}

/** How the landing of a hard layer describes itself; its fact is that of any merge of the base. */
const LANDED_LAYER = /^layer \d+ of .+ landed$/;

function noteLane(draft: Draft, lane: LaneId, before: Tracker, after: Tracker): void {
  const known = draft.lanes.get(lane);
  draft.lanes.set(lane, {
    before: known === undefined ? (findLane(before, lane) ?? null) : known.before,
    after: findLane(after, lane) ?? null,
  });
}

/** Also by another command, after the one that announced it had died. */
function noteEnded(draft: Draft, fact: Extract<TrackerFact, { type: "undo-ended" }>, before: Tracker): void {
  if (fact.outcome === "done" && before.undoing?.id === fact.id) draft.undoes = before.undoing;
}

/** `driving`: the epoch of the driver that is at work. */
function finished(drafts: ReadonlyMap<string, Draft>, driving: number | undefined): readonly Operation[] {
  const undoneBy = new Map<string, string>();
  for (const { id, undoes } of drafts.values()) {
    for (const target of undoes?.operations ?? []) takeEffectFrom(drafts, undoneBy, target, id);
  }
  return [...drafts.values()].map((draft): Operation => {
    const { id, record, until, records, said, undoes } = draft;
    const { lanes, landed, unlanded, removed, restored, prepared, worked, other } = draft;
    return {
      id,
      command: id.replace(/-[0-9a-f]{8}$/, ""),
      by: record.by,
      at: record.at,
      until: until.at,
      firstSeq: record.seq,
      records,
      said,
      changes: { lanes, landed, unlanded, removed, restored, prepared, worked, other },
      undoneBy: undoneBy.get(id),
      undoes,
      isRunning: draft.epoch !== undefined && draft.epoch === driving,
    };
  });
}

/** An undo that is taken back gives what it had taken back its effect again, and the other way round. */
function takeEffectFrom(
  drafts: ReadonlyMap<string, Draft>,
  undoneBy: Map<string, string>,
  id: string,
  by: string,
): void {
  undoneBy.set(id, by);
  for (const target of drafts.get(id)?.undoes?.operations ?? []) giveEffectTo(drafts, undoneBy, target);
}

function giveEffectTo(drafts: ReadonlyMap<string, Draft>, undoneBy: Map<string, string>, id: string): void {
  undoneBy.delete(id);
  for (const target of drafts.get(id)?.undoes?.operations ?? []) takeEffectFrom(drafts, undoneBy, target, id);
}
