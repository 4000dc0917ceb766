import { OrchardError } from "@orchard/kernel";
import { isLanded, type Lane, type LaneState } from "./domain/lane.ts";
import type { Driver } from "./domain/tracker.ts";

/** `NOT_INITIALISED`: no tracker was set up here. */
export function notInitialised(): OrchardError {
  return new OrchardError({
    code: "NOT_INITIALISED",
    kind: "state",
    message: "Orchard is not set up in this repository.",
    hint: "Run: orch init",
  });
}

/** `UNKNOWN_LANE`; its hint names the first eight of the lanes that are `known`. */
export function unknownLane(id: string, known: readonly string[]): OrchardError {
  const some = known.slice(0, 8).join(", ");
  return new OrchardError({
    code: "UNKNOWN_LANE",
    kind: "user",
    message: `There is no lane "${id}".`,
    hint:
      known.length === 0
        ? "Add one: orch add-lane <id> <json>"
        : `Lanes here: ${some}${known.length > 8 ? ", …" : ""}. See them all: orch status`,
    details: { lane: id },
  });
}

export function laneExists(lane: Lane): OrchardError {
  const { id, state } = lane;
  return new OrchardError({
    code: "LANE_EXISTS",
    kind: "state",
    message: `Lane "${id}" exists already and ${isLanded(lane) ? "has landed" : `is ${state}`}.`,
    hint:
      state === "pending"
        ? `Give it a new definition: orch add-lane ${id} <json> --replace`
        : state === "failed" || state === "stopped"
          ? `Give it another definition, what it did is kept: orch add-lane ${id} <json> --replace`
          : `Choose another id; what the lane did stays: orch status ${id}`,
    details: { lane: id, state },
  });
}

export function taskInLane(task: string, lane: string, state: LaneState): OrchardError {
  return new OrchardError({
    code: "TASK_IN_LANE",
    kind: "state",
    message: `${task} is a task of lane "${lane}" already, which is ${state}.`,
    hint: `Leave it out, or see how far that lane is: orch status ${lane}`,
    details: { task, lane, state },
  });
}

export function unknownDependency(id: string, dependency: string): OrchardError {
  return new OrchardError({
    code: "UNKNOWN_DEPENDENCY",
    kind: "user",
    message: `Lane "${id}" depends on "${dependency}", which does not exist.`,
    hint: `Add "${dependency}" first, or leave it out of dependsOn.`,
    details: { lane: id, dependency, field: "dependsOn" },
  });
}

export function dependencyCycle(cycle: readonly string[]): OrchardError {
  return new OrchardError({
    code: "DEPENDENCY_CYCLE",
    kind: "user",
    message:
      cycle.length === 1
        ? `Lane "${cycle[0]}" depends on itself.`
        : `These lanes depend on each other in a circle: ${[...cycle, cycle[0]].join(" → ")}.`,
    hint: "Leave one of these out of dependsOn.",
    details: { cycle, field: "dependsOn" },
  });
}

export function laneBusy(id: string, state: LaneState): OrchardError {
  return new OrchardError({
    code: "LANE_BUSY",
    kind: "state",
    message: `Lane "${id}" is ${state}.`,
    hint: `Watch it: orch logs ${id} -f; or end its agent, keeping the work: orch stop ${id}`,
    details: { lane: id, state },
  });
}

export function laneNotRetryable(id: string, why: string): OrchardError {
  return new OrchardError({
    code: "LANE_NOT_RETRYABLE",
    kind: "state",
    message: `Lane "${id}" cannot be tried again: ${why}.`,
    hint: `See where it stands: orch why ${id}`,
    details: { lane: id },
  });
}

/** `STALE_DRIVER`: the driver of epoch `mine` may record nothing more, since `driver` overtook it. */
export function staleDriver(mine: number, driver: Driver | undefined): OrchardError {
  return new OrchardError({
    code: "STALE_DRIVER",
    kind: "lock",
    message: `This driver (number ${mine}) was overtaken by number ${driver?.epoch ?? "?"}, pid ${driver?.identity.pid ?? "?"}, started ${driver?.startedAt ?? "?"}. It starts nothing more.`,
    hint: "See what runs: orch status",
    details: { epoch: mine, now: driver?.epoch },
  });
}

/** `UNDO_ACTIVE`: the undo `id` was announced in the meantime, and this one did nothing. */
export function undoActive(id: string): OrchardError {
  return new OrchardError({
    code: "UNDO_ACTIVE",
    kind: "state",
    message: `Another undo came first (${id}); nothing was taken back by this one.`,
    hint: "See what it took back: orch log",
    details: { id },
  });
}

export function attemptFenced(token: string, why: string): OrchardError {
  return new OrchardError({
    code: "ATTEMPT_FENCED",
    kind: "lock",
    message: `Attempt ${token} may not go on: ${why}.`,
    hint: "Nothing to do: whoever gave it up goes on without it. See: orch status",
    details: { token },
  });
}

export function alreadyElsewhere(mainRepo: string): OrchardError {
  return new OrchardError({
    code: "ALREADY_INITIALISED",
    kind: "state",
    message: `Orchard's state here belongs to ${mainRepo}.`,
    hint: "If the repository was moved, move it back; its journal stays where it is.",
    details: { mainRepo },
  });
}
