import type { Decision, RepositoryState, Store } from "@orchard/tracker-core";
import { executeLanes, findPlace, landLanes, openOrchard, runProbes, withDriver } from "../../src/index.ts";
import { testPorts } from "../ports.ts";

/**
 * A driver in a process of its own that dies by SIGKILL just before, or just after, a fact of that type is on record, the
 * first or the n-th time: `driver.ts execute|merge|probes before|after <fact> [n]`.
 */
const [phase, moment, type, nth = "1"] = process.argv.slice(2);
await using orchard = await openOrchard(findPlace(process.cwd()), testPorts(), { by: "driver" });
const interrupted = new AbortController().signal;
await withDriver({ ...orchard, store: dying(orchard.store) }, { command: phase ?? "", interrupted }, async (driver) => {
  if (phase === "merge") await landLanes(driver, {});
  else if (phase === "probes") await runProbes(driver, { names: ["one", "two"], maxParallel: 4 });
  else await executeLanes(driver, { maxParallel: 4 });
});

function dying(store: Store<RepositoryState>): Store<RepositoryState> {
  let seen = 0;
  return {
    ...store,
    read: () => store.read(),
    subscribe: (listener) => store.subscribe(listener),
    transact: async (intent, decide) => {
      let isIt = false;
      const done = await store.transact(intent, (state, now) => {
        const decision = decide(state, now);
        isIt = names(decision);
        if (isIt && moment === "before" && seen + 1 === Number(nth)) process.kill(process.pid, "SIGKILL");
        return decision;
      });
      if (isIt) seen++;
      if (isIt && moment === "after" && seen === Number(nth)) process.kill(process.pid, "SIGKILL");
      return done;
    },
  };
}

function names({ facts }: Pick<Decision<never>, "facts">): boolean {
  return facts.some((fact) => fact.type === type);
}
