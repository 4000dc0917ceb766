import { type Action, reading } from "./action.ts";

/** What each command does, loaded when it is called. */
const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  "available-tasks": async () => reading((await import("../answers/available.ts")).available),
  "list-available": async () => reading((await import("../answers/available.ts")).availableInShort),
  next: async () => (await import("./next.ts")).next,
  start: async () => (await import("./start.ts")).start,
  complete: async () => (await import("./complete.ts")).complete,
  fail: async () => (await import("./end-claim.ts")).fail,
  release: async () => (await import("./end-claim.ts")).release,
  reopen: async () => (await import("./keep-task.ts")).reopen,
  block: async () => (await import("./keep-task.ts")).block,
  note: async () => (await import("./keep-task.ts")).note,
  heartbeat: async () => (await import("./heartbeat.ts")).heartbeat,
  pr: async () => (await import("./pr.ts")).pr,
  "layer-status": async () => reading((await import("../answers/layer-status.ts")).layerStatus),
  supervise: async () => (await import("./supervise.ts")).supervise,
  why: async () => reading((await import("../answers/why.ts")).why),
  restack: async () => (await import("./restack.ts")).restack,
  "verify-deps": async () => (await import("./verify-deps.ts")).verifyDeps,
  completion: async () => (await import("./completion.ts")).completion,
  tracker: async () => (await import("./tracker.ts")).tracker,
};

export async function actionOf(name: string): Promise<Action> {
  const load = ACTIONS[name];
  if (load === undefined) throw new Error(`There is no action for ${name}.`);
  return load();
}
