import { join } from "node:path";
import { type NodeProcess, startNode, until } from "@orchard/testkit";

export interface Taker extends NodeProcess, AsyncDisposable {
  said(text: string): Promise<unknown>;
}

/** A process of `lock-taker.ts`, killed with its scope. */
export function startedTaker(kind: "ours" | "raw", scene: string, path: string, ...more: readonly string[]): Taker {
  const taker = startNode(join(import.meta.dirname, "lock-taker.ts"), [kind, scene, path, ...more]);
  return {
    ...taker,
    said: (text) => until(`"${text}" is said`, () => taker.stdout().includes(text)),
    [Symbol.asyncDispose]: async () => {
      if (taker.child.exitCode === null && taker.child.signalCode === null) taker.child.kill("SIGKILL");
      await taker.ended;
    },
  };
}
