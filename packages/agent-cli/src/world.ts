import type { IsoTime } from "@orchard/kernel";

/** Where and when a command is given. */
export interface World {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly now: IsoTime;
}
