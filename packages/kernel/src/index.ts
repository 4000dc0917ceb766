export { type Clock, type IsoTime, isoTime, type TokenSource } from "./clock.ts";
export {
  type LaneId,
  LONGEST_ID,
  parseLaneId,
  parseRunId,
  parseTaskId,
  parseTrackId,
  type RunId,
  type TaskId,
  type TrackId,
  whyNotAnId,
} from "./ids.ts";
export { canonicalJson, type Json, type JsonObject } from "./json.ts";
export {
  assertNever,
  type ErrorFacts,
  type ErrorKind,
  EXIT_CODE_OF_KIND,
  isOrchardError,
  isSystemError,
  OrchardError,
} from "./orchard-error.ts";
export { printable, printableLine } from "./untrusted-text.ts";
