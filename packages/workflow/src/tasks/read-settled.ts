import { setTimeout as pause } from "node:timers/promises";
import type { SpecDefinition } from "@orchard/tracker-core";
import { changeOf, LEFT_ALONE_MS } from "./gone-file.ts";

/**
 * A file that is being saved is empty or half there for a moment, and must take no task away. What takes tasks or
 * dependencies away counts once the file was left alone for a second; `undefined` while somebody writes it on and on.
 */
export async function readSettled(path: string, { bytes, takesAway, again }: Reading): Promise<Uint8Array | undefined> {
  let read: Uint8Array | undefined = bytes;
  for (let waited = 0; waited < WAIT_MS; waited += STEP_MS) {
    if (read === undefined || !takesAway(read)) return read;
    const changedAt = await changeOf(path);
    read = await again();
    if (changedAt === (await changeOf(path)) && Math.abs(Date.now() - changedAt) >= LEFT_ALONE_MS) return read;
    await pause(STEP_MS);
  }
  return undefined;
}

interface Reading {
  readonly bytes: Uint8Array;
  readonly takesAway: (bytes: Uint8Array) => boolean;
  readonly again: () => Promise<Uint8Array | undefined>;
}

/** Whether `now` lacks a task, or a dependency of a task, that `before` has. */
export function takesAway(before: SpecDefinition, now: SpecDefinition): boolean {
  const there = new Map(now.tasks.map(({ id, dependsOn }) => [id, dependsOn]));
  return before.tasks.some(({ id, dependsOn }) => {
    const after = there.get(id);
    return after === undefined || dependsOn.some((on) => !after.includes(on));
  });
}

const WAIT_MS = 3_000;
const STEP_MS = 50;
