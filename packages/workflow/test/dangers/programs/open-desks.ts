import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startNode } from "@orchard/testkit";
import type { Answer, Order } from "./answer.ts";

/** A process that carries out orders side by side. */
export interface Desks extends AsyncDisposable {
  ask(order: Order): Promise<Answer>;
  readonly pid: number;
}

/** With `named` its agents say that this process is theirs (`ORBIT_AGENT_PID`). */
export function openDesks({ named = false } = {}): Desks {
  const one = startNode(join(import.meta.dirname, "desk.ts"), [], {
    env: named ? { ORCHARD_TEST_NAMED: "1" } : {},
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let number = 0;
  const lines = createInterface({ input: one.child.stdout! });
  lines.on("line", (line) => {
    const told = JSON.parse(line) as Answer & { readonly number: number; readonly fault?: string };
    waiting.get(told.number)?.(told);
  });
  return {
    pid: one.pid,
    ask: (order) => {
      number += 1;
      const mine = number;
      const told = new Promise<Answer>((resolve, reject) => {
        waiting.set(mine, (answer) => ("fault" in answer ? reject(new Error(String(answer.fault))) : resolve(answer)));
        void one.ended.then(() => reject(new Error(`the desks ended: ${one.stderr()}`)));
      });
      one.child.stdin!.write(`${JSON.stringify({ ...order, number: mine })}\n`);
      return told;
    },
    [Symbol.asyncDispose]: async () => {
      if (one.child.exitCode !== null || one.child.signalCode !== null) return;
      const ended = once(one.child, "exit");
      one.child.kill("SIGKILL");
      await ended;
    },
  };
}
