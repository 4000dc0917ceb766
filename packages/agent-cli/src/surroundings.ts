import { randomToken } from "@orchard/host";
import { type OrchardError, printableLine } from "@orchard/kernel";
import { type Paint, paint } from "@orchard/terminal";
import { findPlace, newOperationId, type Orchard, openOrchard } from "@orchard/workflow";
import {
  type Flag,
  findWorktreeId,
  flagsOf,
  laneAt,
  openDesk,
  readSpecs,
  refreshSpecs,
  type SpecsRead,
  type TaskDesk,
  whoAsks,
} from "@orchard/workflow/tasks";
import { realPorts } from "./composition.ts";
import type { Question } from "./question.ts";
import { type Given, textOf } from "./shape/command-shape.ts";
import type { World } from "./world.ts";

/** What a command finds around it; each part is opened when it is first needed. */
export interface Surroundings extends World, AsyncDisposable {
  readonly paint: Paint;
  readonly isTerminal: boolean;
  readonly width: number;
  /** Opens the repository that the working directory belongs to. Throws `NOT_A_REPOSITORY`, `NOT_INITIALISED`. */
  orchard(): Promise<Orchard>;
  /** As whom the command acts, from this worktree; the worktree gets an id. Throws `NO_NAME`. */
  desk(): Promise<TaskDesk>;
  /** What a reading command needs. A task file that changed is recorded where that is possible; nothing else is. */
  question(): Promise<Question>;
  /** What is out of step in this worktree. */
  flags(): Promise<readonly Flag[]>;
  /** Why what was read may not be the whole truth; `undefined` also when nothing was opened. */
  trouble(): Promise<OrchardError | undefined>;
}

export function surroundings(world: World, given: Given, command = "orbit-agent"): Surroundings {
  const { cwd, environment, now } = world;
  const named = textOf(given, "agent") ?? textOf(given, "for");
  let opened: Promise<Orchard> | undefined;
  const orchard = () => {
    opened ??= openOrchard(findPlace(cwd), realPorts(warn, environment), {
      by: `orbit-agent ${process.pid}`,
      operation: newOperationId(command, randomToken()),
    });
    return opened;
  };
  return {
    ...world,
    paint: paint(process.stdout),
    isTerminal: process.stdout.isTTY === true,
    width: process.stdout.columns ?? 100,
    orchard,
    desk: async () => openDesk(await orchard(), { agent: named, environment }),
    question: async () => {
      const { progress } = await seenSpecs(await orchard());
      return { progress, agent: await readerOf(await orchard(), named), environment, now };
    },
    flags: async () => {
      const { place, folded } = await orchard();
      const { state } = await folded();
      const worktree = await findWorktreeId(place.repository.worktreeRoot);
      return worktree === undefined ? [] : flagsOf(state.progress, worktree);
    },
    trouble: async () => (await opened?.then(({ folded }) => folded()).catch(() => undefined))?.trouble,
    [Symbol.asyncDispose]: async () => {
      // Whoever finds a view behind writes it when it leaves: then the next reader is quick.
      await (await opened?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

/** What the task files say now, recorded where that is possible: then the views say it too. */
export async function seenSpecs(orchard: Orchard): Promise<SpecsRead> {
  try {
    return await refreshSpecs(orchard);
  } catch {
    return readSpecs(orchard);
  }
}

/** Who reads; a reader need not say who it is. Throws `BAD_AGENT_NAME`. */
async function readerOf(orchard: Orchard, named: string | undefined): Promise<string | undefined> {
  const { mainRoot, repository } = orchard.place;
  const { environment } = orchard.ports;
  const preset = environment["ORBIT_AGENT"];
  const ofLane =
    named === undefined && (preset === undefined || preset === "")
      ? laneAt(await orchard.tracker(), mainRoot, repository.worktreeRoot)?.agent
      : undefined;
  const text = named ?? (preset === "" ? undefined : preset) ?? ofLane;
  return text === undefined ? undefined : whoAsks({ agent: text, environment }, undefined);
}

const warn: Parameters<typeof realPorts>[0] = (event) => {
  if (event.type === "warning") process.stderr.write(`warning: ${event.text}\n`);
  if (event.type === "lock-awaited") {
    process.stderr.write(`waiting for ${printableLine(event.path)}, held by ${printableLine(event.holder)}\n`);
  }
};
