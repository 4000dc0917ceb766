import { asOperation, newOperationId, readOperations, type UndoWish, undoOperations } from "../../src/index.ts";
import { commits, type Garden, garden } from "../harness.ts";

/** Green unless `needs-a` is there and `a.txt` is not. */
export const VERIFY = { verify: ["test ! -e needs-a || test -e a.txt"] };

/** A garden in which lane `a` has landed `a.txt`. */
export async function landed(config: Readonly<Record<string, unknown>> = VERIFY): Promise<Garden> {
  const g = await garden({ config });
  await added(g, "a");
  await as(g, "execute", () => g.execute());
  await as(g, "merge", () => g.merge());
  return g;
}

/** Adds a lane whose agent commits `<id>.txt`. */
export async function added(g: Garden, id: string, more: Record<string, unknown> = {}): Promise<void> {
  const lane = { tasks: [id], command: ["sh", "-c", commits({ [`${id}.txt`]: id })], ...more };
  await as(g, "add-lane", () => g.add(id, lane));
}

/** What `work` records is one operation, as of a command. */
export async function as<Result>(g: Garden, command: string, work: (g: Garden) => Promise<Result>): Promise<Result> {
  const own = g.orchard;
  g.orchard = asOperation(own, newOperationId(command, own.ports.token()));
  try {
    return await work(g);
  } finally {
    g.orchard = own;
  }
}

export async function undo(g: Garden, wish: UndoWish = { last: 1 }, { revert = false } = {}) {
  return undoOperations(g.worker(), wish, { dryRun: false, revert });
}

/** Oldest first, those of one command or all. */
export async function operations(g: Garden, command?: string) {
  const { list } = await readOperations(g.orchard);
  return list.filter((one) => command === undefined || one.command === command);
}
