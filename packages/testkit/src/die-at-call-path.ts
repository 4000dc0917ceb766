import { fileURLToPath } from "node:url";

/** The program to load (`node --import`) before one that is to die, or stop, at one of its calls; see there. */
export const DIE_AT_CALL: string = fileURLToPath(new URL("./die-at-call.ts", import.meta.url));
