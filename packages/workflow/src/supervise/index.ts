export { openOrchard } from "../orchard/open-orchard.ts";
export { findPlace } from "../orchard/place.ts";
export { runSupervisor } from "./run-supervisor.ts";
