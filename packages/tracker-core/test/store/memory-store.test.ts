import { openMemoryStore } from "@orchard/tracker-core";
import { counts, storeContract } from "./store-contract.ts";

storeContract("memory", async () => {
  const store = openMemoryStore({ machine: counts, by: "test" });
  return { store, [Symbol.asyncDispose]: () => store.close() };
});
