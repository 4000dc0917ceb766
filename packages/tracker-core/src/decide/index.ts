export { type AddLaneIntent, addLane, type FindCycle } from "./add-lane.ts";
export { abandonAttempt, adoptAttempt, endAttempt, intendAttempt, startAttempt } from "./attempt.ts";
export { beginProbes, type ProbeIntent } from "./begin-probes.ts";
export { happened, NOTHING, requireHome, requireLane, type TrackerDecision } from "./decision.ts";
export { changePhase, endDriver, requireDriver, startDriver } from "./drive.ts";
export { type InitialiseIntent, initialise } from "./initialise.ts";
export { abandonLanding, followRestack, type LandingStep, landStep } from "./landing.ts";
export { type LaneStep, moveLane } from "./move-lane.ts";
export { recordStopped, requestRetry, requestStop } from "./request.ts";
