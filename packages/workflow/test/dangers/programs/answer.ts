import { isOrchardError } from "@orchard/kernel";
import { findPlace, type Orchard, openOrchard } from "../../../src/index.ts";
import { completeTask, heartbeat, noteTask, openDesk, restack, startTask } from "../../../src/tasks/index.ts";
import { testPorts } from "../../ports.ts";
import { named } from "../../tasks/named.ts";

/** One command of an agent in its worktree. */
export interface Order {
  readonly at: string;
  readonly agent: string;
  readonly do: "start" | "complete" | "restack" | "note" | "heartbeat";
  readonly task?: string | undefined;
  /** Of a note; of a completion without code its reason. */
  readonly text?: string | undefined;
  /** A conflict is to be resolved in a worktree of its own. */
  readonly resolve?: "hand" | undefined;
  /** The unsafe variants that the checks must catch. */
  readonly without?: "announcement" | "locks" | undefined;
}

export interface Answer {
  readonly order: Order;
  readonly outcome?: { readonly kind?: string; readonly commit?: string; readonly repeated?: boolean } | undefined;
  readonly error?:
    | { readonly code: string; readonly kind: string; readonly message: string; readonly details: unknown }
    | undefined;
}

/** Carries an order out as a command line does: everything is opened for it and closed behind it. */
export async function answer(order: Order, environment: NodeJS.ProcessEnv = process.env): Promise<Answer> {
  const pid = environment["ORBIT_AGENT_PID"];
  const ports = testPorts();
  await using opened = await openOrchard(
    findPlace(order.at),
    {
      ...ports,
      environment: { ...ports.environment, ...(pid === undefined ? {} : { ORBIT_AGENT_PID: pid }) },
      ...(order.without === "locks" ? { locks: open } : {}),
    },
    { by: order.agent },
  );
  const orchard = order.without === "announcement" ? unannounced(opened) : opened;
  try {
    return { order, outcome: (await perform(orchard, order)) as Answer["outcome"] };
  } catch (error) {
    if (!isOrchardError(error)) throw error;
    const { code, kind, message, details } = error;
    return { order, error: { code, kind, message, details } };
  }
}

async function perform(orchard: Orchard, { agent, do: verb, task = "", text, resolve }: Order): Promise<unknown> {
  const desk = await openDesk(orchard, { agent, environment: {} });
  switch (verb) {
    case "start":
      return startTask(desk, named(task), { resolve });
    case "complete":
      return completeTask(desk, named(task), { noCode: text });
    case "restack":
      return restack(desk, "go");
    case "note":
      await noteTask(desk, named(task), text ?? "");
      return { kind: "noted" };
    case "heartbeat":
      await heartbeat(desk, named(task));
      return { kind: "renewed" };
  }
}

/** A store that drops the announcement of a move: the claim is on record, the checkout follows unannounced. */
function unannounced(orchard: Orchard): Orchard {
  const { store } = orchard;
  const transact: typeof store.transact = (intent, decide) =>
    store.transact(intent, (state, now) => {
      const decision = decide(state, now);
      return { ...decision, facts: decision.facts.filter(({ type }) => type !== "worktree-move-intended") };
    });
  return { ...orchard, [Symbol.asyncDispose]: async () => {}, store: { ...bound(store), transact } };
}

function bound(store: Orchard["store"]): Orchard["store"] {
  return {
    read: () => store.read(),
    transact: (intent, decide) => store.transact(intent, decide),
    subscribe: (listener) => store.subscribe(listener),
    history: (options) => store.history(options),
    refreshViews: () => store.refreshViews(),
    close: () => store.close(),
  };
}

/** Locks that everybody gets. */
const open = {
  take: async (path: string) => held(path),
  tryTake: async (path: string) => held(path),
  holder: async () => undefined,
};

function held(path: string) {
  return { path, isHeld: () => true, release: async () => {}, [Symbol.asyncDispose]: async () => {} };
}
