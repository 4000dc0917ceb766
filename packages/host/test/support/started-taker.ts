import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIE_AT_CALL, type NodeProcess, startNode, until } from "@orchard/testkit";

export interface Taker extends NodeProcess, AsyncDisposable {
  said(text: string): Promise<unknown>;
}

/** A process of `lock-taker.ts`, killed with its scope. */
export function startedTaker(kind: "ours" | "raw", scene: string, path: string, ...more: readonly string[]): Taker {
  return scoped(startNode(join(import.meta.dirname, "lock-taker.ts"), [kind, scene, path, ...more]));
}

/** One of ours that takes the lock, gives it back, and is killed just before its call number `step`, or stopped there. */
export function takerEndedAt(how: "DIE" | "STOP", step: number, path: string): Taker {
  const env = { [`ORCHARD_${how}_AT`]: String(step), NODE_OPTIONS: `--import ${pathToFileURL(DIE_AT_CALL).href}` };
  return scoped(startNode(join(import.meta.dirname, "lock-taker.ts"), ["ours", "once", path], { env }));
}

function scoped(taker: NodeProcess): Taker {
  return {
    ...taker,
    said: (text) => until(`"${text}" is said`, () => taker.stdout().includes(text)),
    [Symbol.asyncDispose]: async () => {
      if (taker.child.exitCode === null && taker.child.signalCode === null) taker.child.kill("SIGKILL");
      await taker.ended;
    },
  };
}
