export { besideDriver } from "../orchard/worker.ts";
export { followIfBehind } from "./synchronise.ts";
