export { DIE_AT_CALL } from "./die-at-call-path.ts";
export { type GitRepo, gitRepo, HERMETIC_GIT } from "./git-repo.ts";
export { type NodeProcess, startNode } from "./node-process.ts";
export { sampled } from "./sampled.ts";
export { temporaryFolder } from "./temporary-folder.ts";
export { tried } from "./tried.ts";
export { until } from "./until.ts";
